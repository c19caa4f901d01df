"""Workers read the snapshot from the object store themselves, each with its own variables."""

from fixtures.company import write_company
from tests.cluster.processes import processes


def test_workers_count_a_snapshot_in_a_bucket(qbr, bucket, server, tmp_path):
    """The scheduler's and the workers' folders are empty; all they get is the URL."""
    write_company(tmp_path / "snapshots", accounts=30)
    url = bucket.upload(tmp_path / "snapshots", "exports")
    (tmp_path / "dask").mkdir()
    with processes(tmp_path / "dask", workers=1, environment=server.environment) as running:
        cluster = f'[cluster]\nscheduler = "{running.scheduler}"\nwait_seconds = 60\n'
        printed = []
        for name, toml in (("here", ""), ("there", cluster)):
            (tmp_path / name).mkdir()
            text = f'[workspace]\nsnapshots = "{url}"\n{toml}'
            (tmp_path / name / "quarterdeck.toml").write_text(text)
            done = qbr(
                "metrics", "--by", "segment", "--format", "csv", "--workspace", tmp_path / name
            )
            assert (done.returncode, done.stderr) == (0, "")
            printed.append(done.stdout)
    assert printed[0] == printed[1]
