"""Settings: file and environment, and a start that stops with the key named."""

from pathlib import Path

import pytest

from faturat.settings import BadSettings, Settings, read_settings, write_settings


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "faturat.toml"


def test_the_environment_wins_over_the_file(file: Path, tmp_path: Path) -> None:
    write_settings(file, {"database_url": "a", "plugins": {"billers": {"one": {"url": "x"}}, "bank": {"b": {}}}})
    secret = tmp_path / "secret"
    secret.write_text("hidden\n")
    settings = read_settings(
        Settings,
        {
            "FATURAT_CONFIG": str(file),
            "FATURAT_DATABASE_POOL": "3",
            "FATURAT_ENGINE__SWEEP_EVERY": "60",
            "FATURAT_PLUGINS__BILLERS__ONE__PASSWORD_FILE": str(secret),
            "FATURAT_PLUGINS__OBSERVERS__O__URLS": '["x", "y"]',
        },
    )
    assert (settings.database_url, settings.database_pool, settings.engine.sweep_every) == ("a", 3, 60)
    assert settings.plugins.billers == {"one": {"url": "x", "password": "hidden"}}
    assert settings.plugins.bank == {"b": {}}
    assert settings.plugins.observers == {"o": {"urls": ["x", "y"]}}
    with pytest.raises(BadSettings, match="a list is written as"):
        read_settings(Settings, {"FATURAT_PLUGINS__OBSERVERS__O__URLS": "[x"})
    assert file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("speed = 1", "speed"),
        ("database_pool = 0", "database_pool must be from 1 to 200"),
        ('database_pool = "many"', "database_pool"),
        ("[engine]\nsweep_every = -1", "sweep_every must be from"),
        ("[engine]\nsweep = 1", "sweep"),
        ("not toml", "must be TOML"),
        ("[plugins.billers]\none = 1", "billers"),
    ],
)
def test_a_bad_setting_is_named(file: Path, text: str, words: str) -> None:
    file.write_text(text)
    with pytest.raises(BadSettings) as caught:
        read_settings(Settings, {}, file)
    assert words in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="there is no settings file"):
        read_settings(Settings, {"FATURAT_CONFIG": str(tmp_path / "none.toml")})
    with pytest.raises(BadSettings, match="FATURAT_DATABASE_URL_FILE"):
        read_settings(Settings, {"FATURAT_DATABASE_URL_FILE": str(tmp_path / "none")})


def test_no_database_says_what_to_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BadSettings, match="FATURAT_DATABASE_URL"):
        read_settings(Settings, {}).require_database()
