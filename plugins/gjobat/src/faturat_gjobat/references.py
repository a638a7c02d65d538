"""The two ways in which the company knows what is to be paid, as a form shows them."""

from faturat.billers import LookAlike, ReferenceField, ReferenceKind
from faturat.text import Text
from faturat_gjobat.mapping import CHASSIS, FINE, PLATE, VEHICLE

_PLATE = "[A-Z]{2}[0-9]{3,4}[A-Z]{0,2}"
"""An Albanian plate, AA123BB, or an older one. Only to recognise it elsewhere: foreign plates are fined too."""
_CHASSIS = "[0-9A-HJ-NPR-Z]{17}"
"""bkt.com.al and ISO 3779; vehicles from before 1981 have others."""

LOOKS_LIKE_CHASSIS = Text(
    "Ky duket si numër shasie; këtu duhet targa, p.sh. AA123BB.",
    "This looks like a chassis number; we need the plate here, for example AA123BB.",
)
LOOKS_LIKE_FINE = Text(
    "Ky duket si numër gjobe; këtu duhet targa, p.sh. AA123BB. Gjobën mund ta paguani me numrin e saj, pa regjistrim.",
    "This looks like a fine's number; we need the plate here, for example AA123BB. You can pay the fine by its "
    "number, without registering.",
)
PLATE_AS_CHASSIS = Text(
    "Ky është i shkurtër për numër shasie; mos është targa? Këtu duhet numri i shasisë, zakonisht me 17 shenja.",
    "This is short for a chassis number; is it the plate? We need the chassis number here, usually of 17 characters.",
)
CHASSIS_LENGTH = Text(
    "Numri i shasisë ka zakonisht 17 shenja; kontrollojeni te leja e qarkullimit.",
    "A chassis number usually has 17 characters; check it in the registration certificate.",
)
CHASSIS_LETTERS = Text(
    "Numri i shasisë nuk ka kurrë shkronjat I, O dhe Q; ndoshta janë shifrat 1 dhe 0.",
    "A chassis number never has the letters I, O and Q; they may be the digits 1 and 0.",
)
PLATE_AS_FINE = Text(
    "Kjo duket si targë; këtu duhet numri i gjobës. Targa kërkohet bashkë me numrin e shasisë.",
    "This looks like a plate; we need the fine's number here. A plate is looked up together with the chassis number.",
)
CHASSIS_AS_FINE = Text(
    "Ky duket si numër shasie; këtu duhet numri i gjobës.",
    "This looks like a chassis number; we need the fine's number here.",
)


def vehicle(chassis_length: int | None) -> ReferenceKind:
    """A vehicle by plate and chassis number (bkt.com.al); `chassis_length` is enforced only where the bank set it."""
    plate = ReferenceField(
        id=PLATE,
        label=Text("Targa", "Plate"),
        help=Text(
            "Targa e mjetit, siç shkruhet në lejen e qarkullimit.",
            "The vehicle's plate, as written in its registration certificate.",
        ),
        example="AA123BB",
        pattern="[0-9A-Z]+",
        uppercase=True,
        ignore=" -",
        look_alikes=(
            LookAlike("[0-9A-Z]{11,}", LOOKS_LIKE_CHASSIS),
            LookAlike("[0-9]{5,10}", LOOKS_LIKE_FINE),
        ),
    )
    other_length = LookAlike("[0-9A-Z]{9,16}|[0-9A-Z]{18,}", CHASSIS_LENGTH)
    chassis = ReferenceField(
        id=CHASSIS,
        label=Text("Numri i shasisë", "Chassis number"),
        help=Text(
            "Gjendet në lejen e qarkullimit dhe ka zakonisht 17 shenja. Nuk është targa.",
            "It is in the vehicle's registration certificate and usually has 17 characters. It is not the plate.",
        ),
        example="TEST0000000000001",
        pattern="[0-9A-Z]+",
        exact_length=chassis_length,
        uppercase=True,
        ignore=" -",
        look_alikes=(
            LookAlike("[0-9A-Z]{1,8}", PLATE_AS_CHASSIS),
            LookAlike("[0-9A-Z]*[IOQ][0-9A-Z]*", CHASSIS_LETTERS),
            *(() if chassis_length is not None else (other_length,)),
        ),
    )
    label = Text("Targa dhe numri i shasisë", "Plate and chassis number")
    return ReferenceKind(id=VEHICLE, label=label, fields=(plate, chassis))


def fine(length: int | None) -> ReferenceKind:
    """One fine by its number (tiranabank.al); there is nothing to register, for it is gone once it is paid."""
    label = Text("Numri i gjobës", "Fine's number")
    field = ReferenceField(
        id=FINE,
        label=label,
        help=Text(
            "Është numri serial i shtypur në fletën e gjobës. Nuk është targa.",
            "It is the serial number printed on the fine sheet. It is not the plate.",
        ),
        example="000000301",
        exact_length=length,
        uppercase=True,
        look_alikes=(LookAlike(_PLATE, PLATE_AS_FINE), LookAlike(_CHASSIS, CHASSIS_AS_FINE)),
    )
    return ReferenceKind(id=FINE, label=label, fields=(field,), registrable=False)
