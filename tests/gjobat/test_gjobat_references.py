"""What somebody types: normalised, warned about where it looks like another number, refused only at the bank's wish."""

from collections.abc import Callable

import pytest

from faturat.errors import FaturatError
from faturat.references import read_reference
from faturat_gjobat import references
from faturat_gjobat.plugin import Gjobat

CHASSIS = "TEST0000000000001"


def read(plugin: Gjobat, kind: str | None = None, **values: str) -> tuple[dict[str, str], list[tuple[str, object]]]:
    """The values as read, and the warnings with their fields."""
    done = read_reference(plugin.describe_biller(), kind, values, register=kind is None)
    return done.reference.values, [(warning.field, warning.text) for warning in done.warnings]


def test_a_vehicle_is_the_default_and_a_fine_cannot_be_registered(unopened: Callable[..., Gjobat]) -> None:
    biller = unopened().describe_biller()
    assert [(kind.id, kind.registrable) for kind in biller.reference_kinds] == [("vehicle", True), ("fine", False)]
    with pytest.raises(FaturatError, match="not_registrable"):
        read_reference(biller, "fine", {"fine": "000000301"}, register=True)


@pytest.mark.parametrize("plate", ["AA123BB", "aa 123 bb", "AA-123-BB", "AA–123–BB", " Aa 123bb\u200b"])
def test_spaces_and_dashes_mean_nothing_in_a_vehicles_numbers(unopened: Callable[..., Gjobat], plate: str) -> None:
    values, warnings = read(unopened(), plate=plate, chassis="test-00000000 00001")
    assert values == {"plate": "AA123BB", "chassis": CHASSIS}
    assert warnings == []


@pytest.mark.parametrize(
    ("plate", "chassis", "field", "warning"),
    [
        (CHASSIS, CHASSIS, "plate", references.LOOKS_LIKE_CHASSIS),
        ("000000301", CHASSIS, "plate", references.LOOKS_LIKE_FINE),
        ("AA123BB", "AA 123 BB", "chassis", references.PLATE_AS_CHASSIS),
        ("AA123BB", "TR1234A", "chassis", references.PLATE_AS_CHASSIS),
        ("AA123BB", "12345678", "chassis", references.PLATE_AS_CHASSIS),
        ("AA123BB", "123456789", "chassis", references.CHASSIS_LENGTH),
        ("AA123BB", CHASSIS[1:], "chassis", references.CHASSIS_LENGTH),
        ("AA123BB", CHASSIS + "1", "chassis", references.CHASSIS_LENGTH),
        ("AA123BB", "000000301", "chassis", references.CHASSIS_LENGTH),
        ("AA123BB", "TESTO000000000001", "chassis", references.CHASSIS_LETTERS),
        ("AA123BB", "TEST000000000000I", "chassis", references.CHASSIS_LETTERS),
        ("AA123BB", "QTEST000000000001", "chassis", references.CHASSIS_LETTERS),
    ],
)
def test_a_number_of_another_shape_warns_once_and_is_taken(
    unopened: Callable[..., Gjobat], plate: str, chassis: str, field: str, warning: object
) -> None:
    assert read(unopened(), plate=plate, chassis=chassis)[1] == [(field, warning)]


def test_plate_and_chassis_the_wrong_way_round_warn_twice(unopened: Callable[..., Gjobat]) -> None:
    assert read(unopened(), plate=CHASSIS, chassis="AA123BB")[1] == [
        ("plate", references.LOOKS_LIKE_CHASSIS),
        ("chassis", references.PLATE_AS_CHASSIS),
    ]


@pytest.mark.parametrize("plate", ["AA123BB", "TR1234A", "AA1", "B1234567890"[:10], "LA12345"])
def test_no_plate_is_refused_for_its_shape(unopened: Callable[..., Gjobat], plate: str) -> None:
    assert read(unopened(), plate=plate, chassis=CHASSIS)[1] == []


def test_a_fines_number(unopened: Callable[..., Gjobat]) -> None:
    plugin = unopened()
    assert read(plugin, "fine", fine=" ab-0000 301/26 ") == ({"fine": "AB-0000301/26"}, [])
    assert read(plugin, "fine", fine="aa123bb")[1] == [("fine", references.PLATE_AS_FINE)]
    assert read(plugin, "fine", fine=CHASSIS)[1] == [("fine", references.CHASSIS_AS_FINE)]


def test_a_length_is_the_banks_to_set(unopened: Callable[..., Gjobat]) -> None:
    short = CHASSIS[1:]
    assert read(unopened(), plate="AA123BB", chassis=short)[0]["chassis"] == short
    strict = unopened(chassis_length=17, fine_length=9)
    for kind, values in ((None, {"plate": "AA123BB", "chassis": short}), ("fine", {"fine": "301"})):
        with pytest.raises(FaturatError, match="field_wrong_length"):
            read(strict, kind, **values)
    assert read(unopened(chassis_length=16), plate="AA123BB", chassis=short)[1] == [], "the bank knows better"
