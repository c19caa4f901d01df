"""All commands, each a thin function over the module that does its work."""

import typer

from engine.cli.bridging import bridge
from engine.cli.cohorting import cohorts
from engine.cli.deliver import deliver
from engine.cli.demo import demo
from engine.cli.diffing import diff
from engine.cli.due import due
from engine.cli.explaining import explain
from engine.cli.importing import import_
from engine.cli.metrics import metrics
from engine.cli.rerunning import rerun
from engine.cli.running import run
from engine.cli.validate import validate
from engine.cli.workspace import init

app = typer.Typer(
    name="qbr",
    help="Quarterly business reviews from billing and CRM exports.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

app.command("init")(init)
app.command("demo")(demo)
app.command("import")(import_)
app.command("validate")(validate)
app.command("metrics")(metrics)
app.command("bridge")(bridge)
app.command("cohorts")(cohorts)
app.command("diff")(diff)
app.command("explain")(explain)
app.command("run")(run)
app.command("rerun")(rerun)
app.command("due")(due)
app.command("deliver")(deliver)
