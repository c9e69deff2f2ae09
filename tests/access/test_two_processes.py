"""Wrong tries are counted for all processes of an installation together."""

import subprocess
import sys

PROGRAM = """
import os, sys, time
os.environ["DJANGO_SETTINGS_MODULE"] = "paricha.site.settings"
import django; django.setup()
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from paricha.access.models import Officer
from paricha.access.verbs.sessions import set_password_and_code
from paricha.access.acting import acting
SECRET, PASSWORD = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "four quiet boats at noon"
officer = Officer.objects.get(first=True)
if sys.argv[1] == "guess":
    with acting("cli"):
        set_password_and_code(officer, PASSWORD, SECRET)
    codes = ["000000"] * 10
else:
    codes = [format_hotp_value(hotp_value(SECRET, int(time.time()) // 30))]
for code in codes:
    given = {"name": officer.name, "password": PASSWORD, "code": code}
    print(Client().post("/access/sign-in/", given).status_code)
"""


def test_a_second_process_does_not_let_a_guesser_in(house):
    def run(how: str) -> list[str]:
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, how], env=house.environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout.split()

    assert run("guess") == ["403"] * 10
    assert run("right") == ["429"]
