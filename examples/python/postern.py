"""What the other examples share: requests, errors and repetitions. Needs requests (pip install requests)."""

import os
import time
import uuid

import requests

ADDRESS = os.environ.get("POSTERN_ADDRESS", "demo@example.org")


class Problem(Exception):
    """An error of the gateway (application/problem+json): `code` is stable, the texts are for people."""

    def __init__(self, answer):
        try:
            body = answer.json()
        except requests.JSONDecodeError:  # a proxy may answer something else
            body = {}
        self.status = answer.status_code
        self.code = body.get("code", "")
        # what a proxy answers tells as little as a lost connection
        self.retryable = body.get("retryable", not self.code and self.status in (429, 502, 503, 504))
        wait = answer.headers.get("Retry-After", "")
        self.retry_after = int(wait) if wait.isdigit() else 2
        super().__init__(f"{self.status} {self.code}: {body.get('detail') or body.get('title') or answer.reason}")


class Client:
    def __init__(self):
        self.base = os.environ.get("POSTERN_URL", "http://localhost:8080") + "/v1"
        self.http = requests.Session()
        self.log_in()

    def log_in(self):
        self.http.headers.pop("Authorization", None)
        user, password = os.environ.get("POSTERN_USER", "demo"), os.environ.get("POSTERN_PASSWORD", "demo")
        token = self.call("POST", "/sessions", json={"username": user, "password": password})["token"]
        self.http.headers["Authorization"] = f"Bearer {token}"

    def log_out(self):
        self.call("DELETE", "/sessions/current")

    def call(self, method, path, key=None, **options):
        """Sends a request, again if it has to be, and gives its answer. A request that was answered by nothing may have
        been carried out: with the same Idempotency-Key it is not done twice. Requests that only read ignore the key."""
        headers = {"Idempotency-Key": key or str(uuid.uuid4())} if method == "POST" else {}

        def attempt():
            answer = self.send(method, path, headers=headers, **options)
            return answer.json() if answer.content else None

        return repeat(attempt, keyed=method == "POST")

    def send(self, method, path, **options):
        answer = self.http.request(method, self.base + path, timeout=60, **options)
        if not answer.ok:
            raise Problem(answer)
        return answer


def repeat(attempt, keyed=False):
    """Tries up to five times: after a lost connection, after a problem that says it is `retryable`, and, where all tries
    have one Idempotency-Key, after `outcome-unknown`: the gateway then finds out what was done."""
    for tries in range(1, 6):
        try:
            return attempt()
        except Problem as problem:
            again = problem.retryable or (keyed and problem.code == "outcome-unknown")
            if tries == 5 or not again:
                raise
            time.sleep(problem.retry_after)
        except requests.RequestException:
            if tries == 5:
                raise
            time.sleep(tries)
