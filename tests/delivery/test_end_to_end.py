"""From an export to the reader's mailbox, through the command line."""

import hashlib
import json

from engine.cli import exit_status
from tests.delivery.post_office import SCHEDULE

ITEMS = [
    {"account_id": "A", "seats": 10, "amount": 900_00, "valid_from": "2024-05-03"},
    {"account_id": "B", "seats": 4, "amount": 500_00, "valid_from": "2026-07-20"},
]


def test_a_pack_that_is_due_is_drawn_and_arrives(company, office):
    settings = f"""
    [mail]
    host = "127.0.0.1"
    port = {office.port}
    security = "none"
    from = "qbr@example.com"
    [[packs]]
    name = "board"
    recipients = ["ana@example.com"]
    {SCHEDULE}
    minimum_rows = {{ "billing/subscription_items" = 2 }}
    """
    firm = company({"billing/subscription_items": ITEMS}, settings)
    arguments = ["due", "--now", "2026-10-06T08:00+00:00", "--workspace", str(firm.folder)]
    assert exit_status(arguments) == 0
    (folder,) = (firm.folder / "out/2026Q3/board").glob("2026-10-01-*")
    manifest = json.loads((folder / "manifest.json").read_text())
    pages = next(office.mail("ana@example.com").iter_attachments()).get_content()
    assert hashlib.sha256(pages).hexdigest() == manifest["outputs"]["report.pdf"]
    assert "ana@example.com" not in json.dumps(manifest)
    assert exit_status(arguments) == 0
    assert office.counts == {"ana@example.com": 1}


def test_too_few_rows_are_waited_for(company, office):
    settings = f"""
    [[packs]]
    name = "board"
    {SCHEDULE}
    minimum_rows = {{ "billing/subscription_items" = 1000 }}
    """
    firm = company({"billing/subscription_items": ITEMS}, settings)
    status, out, err = firm.ask("due", "--now", "2026-10-06T08:00+00:00")
    assert (status, out) == (0, "")
    assert "2 rows of billing/subscription_items, not 1,000" in err
