"""What tests, demo and plugin authors share: the company's side of a biller, stood in for by a real server."""
