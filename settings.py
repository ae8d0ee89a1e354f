"""The one reader of the environment. Every setting of the product is here, with its default."""

import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment says; see docs/operations.md."""

    database_url: str
    data_dir: Path
    secret_key_file: Path
    max_upload_mb: int
    timezone: ZoneInfo
    today: date | None

    @classmethod
    def read(cls) -> "Settings":
        """From the environment. Raises ValueError with a plain sentence when a value cannot be used."""
        data_dir = Path(os.environ.get("DATA_DIR", "./data")).resolve()
        today = os.environ.get("TODAY", "").strip()
        try:
            return cls(
                database_url=_database_url(os.environ.get("DATABASE_URL", ""), data_dir),
                data_dir=data_dir,
                secret_key_file=Path(os.environ.get("SECRET_KEY_FILE") or data_dir / "secret.key"),
                max_upload_mb=int(os.environ.get("MAX_UPLOAD_MB", "200")),
                timezone=ZoneInfo(os.environ.get("TIMEZONE", "Asia/Shanghai")),
                today=date.fromisoformat(today) if today else None,
            )
        except (ValueError, KeyError) as error:
            raise ValueError(f"环境变量有误：{error}") from error

    def secret_key(self) -> bytes:
        """The installation's secret; made once, readable by the owner only."""
        if not self.secret_key_file.exists():
            self.secret_key_file.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self.secret_key_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(os.urandom(32))
        return self.secret_key_file.read_bytes()


def _database_url(url: str, data_dir: Path) -> str:
    if not url:
        return f"sqlite:///{data_dir / 'xiaohaotai.db'}"
    return url.replace("postgresql://", "postgresql+psycopg://", 1)
