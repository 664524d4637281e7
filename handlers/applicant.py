"""What an applicant enters, and what an admin decides."""

from handlers.call import Call
from models.role import Profession
from services import applicant


def choose(call: Call) -> None:
    """An applicant taps their profession."""
    applicant.choose(call.session, call.caller, Profession(call.text()), at=call.at)


def pause(call: Call) -> None:
    """An applicant taps «Berhenti dulu»."""
    applicant.pause(call.session, call.caller, call.number(), at=call.at)


def resume(call: Call) -> None:
    """An applicant taps «Lanjutkan»."""
    applicant.resume(call.session, call.caller, call.number(), at=call.at)


def restart(call: Call) -> None:
    """An applicant taps «Isi ulang»."""
    applicant.restart(call.session, call.caller, call.number(), at=call.at)


def send(call: Call) -> None:
    """An applicant taps «Kirim ke admin»."""
    applicant.send(call.session, call.caller, call.number(), at=call.at)


def show(call: Call) -> None:
    """An admin taps «Calon nakes»."""
    applicant.show(call.session, call.caller, at=call.at)


def admit(call: Call) -> None:
    """An admin taps «Terima»."""
    applicant.admit(call.session, call.caller, call.number(), at=call.at)


def ask_reason(call: Call) -> None:
    """An admin taps «Tolak»."""
    applicant.ask_reason(call.session, call.caller, call.number(), at=call.at)


def decline(call: Call) -> None:
    """An admin taps one of the reasons."""
    applicant.decline(call.session, call.caller, call.number(), call.text(2), at=call.at)
