"""Plugins that describe themselves wrongly, or whose fields take what they should not."""

from datetime import timedelta
from itertools import count
from typing import Any

from breaking import breaks
from model import CODE, KINDS, Model
from model import Settings as ModelSettings
from model_company import ModelCompany
from model_variants import able
from msgspec import Struct
from msgspec.structs import replace

from faturat import Biller, LookAlike, Reference, Text, hookimpl
from faturat.testing.cases import Case


def with_code(**changes: Any) -> Biller:
    """The model, with another contract code."""
    contract = replace(KINDS[0], fields=(replace(CODE, **changes),))
    return replace(Model.biller, reference_kinds=(contract, KINDS[1]))


def warning(pattern: str, text: Text = CODE.look_alikes[0].warning) -> tuple[LookAlike, ...]:
    return (LookAlike(pattern, text),)


@breaks("loads_as_the_host_loads_it")
class OfAnotherApi(Model):
    api = 2


@breaks("says_the_same_each_time")
class CountsItsDescriptions(Model):
    calls = count()

    @hookimpl
    def describe_biller(self) -> Biller:
        return replace(self.biller, name=f"Model {next(self.calls)}")


@breaks("every_text_is_in_both_languages")
class WarnsInEnglishAlone(Model):
    biller = with_code(look_alikes=warning("[0-9]{9}", Text("", "This looks like the invoice's number.")))


@breaks("albanian_and_english_differ")
class HelpsInEnglishTwice(Model):
    biller = with_code(help=Text("On the invoice's first page.", "On the invoice's first page."))


@breaks("examples_read_as_themselves")
class WarnsOfItsExample(Model):
    biller = with_code(look_alikes=warning("AB1[0-9]"))


@breaks("fields_are_bounded")
class TakesWithoutEnd(Model):
    biller = with_code(max_length=5000)


@breaks("no_length_is_enforced")
class KnowsTheLength(Model):
    biller = with_code(exact_length=4)


class SmallLetters(ModelCompany):
    def case_reference(self, case: Case) -> Reference:
        return Reference("contract", {"code": super().case_reference(case).values["code"].lower()})


@breaks("magic_references_read_as_themselves", simulator=SmallLetters)
class WithSmallLetters(Model):
    pass


@breaks("capabilities_fit_together", "not_found_is_not_final_too_soon")
class FinalBeforeItsTimeout(Model):
    biller = able(not_found_final_after=timedelta(seconds=10))


@breaks("not_found_is_not_final_too_soon")
class FinalTooSoon(Model):
    biller = able(not_found_final_after=timedelta(seconds=25))


@breaks("hooks_fit_the_capabilities")
class AsksWithoutSayingSo(Model):
    biller = able(status_inquiry=False, not_found_final_after=None)


@breaks("unknown_settings_are_refused")
class TakesAnySetting(Model):
    class Settings(Struct, frozen=True):
        url: str
        timeout: float = 20.0


@breaks("secrets_are_not_shown")
class ShowsItsPassword(Model):
    class Settings(ModelSettings, frozen=True):
        def __repr__(self) -> str:
            return f"Settings({self.url}, {self.password})"


@breaks("what_a_pattern_allows_is_read")
class AllowsWhatItIgnores(Model):
    biller = with_code(pattern=r"[0-9A-Z\-]+", ignore=" -")


@breaks("pasted_signs_mean_nothing", "what_a_pattern_allows_is_read", "examples_read_as_themselves")
class WantsItsSpace(Model):
    biller = with_code(pattern="[0-9A-Z ]+", example="AB 12")


@breaks("near_misses_are_refused_by_name", "strange_signs_are_refused", "every_text_is_in_both_languages")
class HasNoEnglishLabel(Model):
    biller = with_code(label=Text("Kodi i kontratës", ""))


@breaks("strange_signs_are_refused")
class TakesMarkup(Model):
    biller = with_code(pattern="[0-9A-Za-z<>]+")


@breaks("look_alikes_warn")
class WarnsOfSmallLetters(Model):
    biller = with_code(look_alikes=warning("[a-z]{6}"))


@breaks("look_alikes_warn")
class WarnsOfWhatItRefuses(Model):
    biller = with_code(look_alikes=warning("[0-9]{3}_[0-9]{3}"))


@breaks("patterns_are_for_browsers_too")
class TakesEitherCaseByAFlag(Model):
    biller = with_code(pattern="(?i)[0-9A-Z]+")


@breaks("patterns_are_for_browsers_too")
class WarnsWithABareDash(Model):
    biller = with_code(look_alikes=warning("[0-9-]{9}"))


@breaks("patterns_are_quick")
class RepeatsRepetition(Model):
    biller = with_code(pattern="([0-9A-Za-z]+)+")


@breaks("every_reference_reaches_the_company")
class LosesASlash(Model):
    def contract(self, reference: Reference) -> str:
        return super().contract(reference).replace("/", "-")
