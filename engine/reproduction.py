"""Whether a finished run would come out the same today."""

from engine.edition import Edition
from engine.errors import EngineError
from engine.first_difference import first_difference
from engine.press import Step
from engine.run import is_finished, require_intact
from engine.store.place import Place
from engine.typesetting import files


def reproduced(edition: Edition, step: Step) -> Place | None:
    """The run's folder, once made anew in memory and found equal; None where there is no such run.

    Raises:
        EngineError: Bytes differ under one run id, which is a fault of ours.
        EnvironmentFault: The folder's files were changed since they were written.
    """
    folder = edition.place
    if not is_finished(folder):
        return None
    require_intact(folder)
    for name, made in files(edition, step).items():
        recorded = (folder / name).read_bytes()
        if found := first_difference(name, recorded, made):
            raise EngineError(
                "run-differs",
                f"the same run comes out other than it was: {found}",
                where=str(folder),
                note="the same run id must give the same bytes",
                hint="report it with this message and both files",
            )
    return folder
