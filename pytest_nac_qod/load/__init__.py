"""Valid sessions as the users of a load test, with the judge watching; Locust sends, in processes of its own."""
