"""How a person at a Python prompt asks: again until there is an answer, and for the code of an error."""
import time

from botocore.exceptions import ClientError


def until(ask):
    for _ in range(1000):
        answer = ask()
        if answer:
            return answer
        time.sleep(0.02)
    raise SystemExit("nothing came")


def code(call):
    try:
        call()
        return None
    except ClientError as error:
        return error.response["Error"]["Code"]
