"""Where bytes lie: payment batches, evidence, and the installation's secret. Opened once by whoever reads the
settings."""

from pathlib import Path

PAYMENTS, EVIDENCE = "payments", "evidence"
"""Folders of what is kept for ever, below the data folder."""


class Storage:
    """The folders of the open installation."""

    data_dir: Path
    secret: bytes
    max_upload_bytes: int = 200 * 1024 * 1024

    @classmethod
    def open(cls, data_dir: Path, secret: bytes, max_upload_bytes: int = 200 * 1024 * 1024) -> None:
        """Use `data_dir`; makes the folders it needs."""
        cls.data_dir, cls.secret, cls.max_upload_bytes = data_dir, secret, max_upload_bytes
        for folder in (cls.payments(), cls.evidence()):
            folder.mkdir(parents=True, exist_ok=True)

    @classmethod
    def payments(cls) -> Path:
        """Folder of the Parquet batches."""
        return cls.data_dir / PAYMENTS

    @classmethod
    def setup_code(cls) -> Path:
        """The file with the code for the first administrator; gone once there is a user."""
        return cls.data_dir / "setup-code.txt"

    @classmethod
    def evidence(cls) -> Path:
        """Folder of the evidence files, by hash."""
        return cls.data_dir / EVIDENCE
