from engine.report.chapter import Chapter, nothing
CHAPTER = Chapter("levers", "Levers", nothing, lambda material: None)
