from faturat.testing.conformance import BillerConformance


class TestConformance(BillerConformance):
    distribution = "faturat-digitalb"
