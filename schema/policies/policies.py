"""Policies, which everybody may read, and the operator's mutations of them."""

from typing import Annotated

import strawberry

from resolvers.policies import policies, setting_policies
from schema.changes import Info, answer, signed_in
from schema.enums.policies import PolicyName
from schema.fields import Column, Objects, argument, field, mutation
from schema.inputs import described
from schema.problems import InvalidInputProblem, UnknownReferenceProblem
from schema.scalars import DateTime

VALUE = "The value as text: a whole number in digits, or the name of a time zone."


@strawberry.type(description="A value of a policy for some time.")
class PolicyPeriod:
    value: str = field(Column(policies.value), VALUE)
    valid_from: DateTime = field(Column(policies.valid_from), "From when on; in the future for what is planned.")
    valid_to: DateTime | None = field(
        Column(policies.valid_to), "Until when, exclusive; null where nothing is planned to follow."
    )


@strawberry.type(description="A number of the rules, which the operator may change from some moment on.")
class Policy:
    name: PolicyName = field(Column(policies.name), "Its name.")
    description: str = field(Column(policies.description), "What it decides, in English.")
    unit: str = field(Column(policies.unit), "What its value counts or names, in English.")
    least: int | None = field(Column(policies.least), "The least value that it may have; null for a time zone.")
    most: int | None = field(Column(policies.most), "The greatest value that it may have; null for a time zone.")
    value: str = field(Column(policies.value), f"{VALUE} In force now.")
    valid_from: DateTime = field(Column(policies.valid_from), "Since when it has that value.")
    history: list[PolicyPeriod] = field(
        Objects(policies.history), "All its values: those to come first, then that of now, then those before."
    )


@strawberry.input(description="A policy to change.")
class SetPolicyInput:
    name: PolicyName = described("Which one.")
    value: str = described(f"{VALUE} `Policy.least` and `most` tell its bounds.")
    valid_from: DateTime | None = described(
        "From when on: not in the past, at most ten years ahead; by default from now on. A value that is to begin at"
        " the same moment is replaced.",
        default=None,
    )


@strawberry.input(description="A planned value of a policy to take back.")
class WithdrawPolicyInput:
    name: PolicyName = described("Which policy.")
    valid_from: DateTime = described("When the value would begin, exactly as `PolicyPeriod.validFrom` tells.")


@strawberry.type(description="The policy has the value from that moment on.")
class SetPolicyPayload:
    name: PolicyName = strawberry.field(description="Which policy.")
    value: str = strawberry.field(description=VALUE)
    valid_from: DateTime = strawberry.field(description="From when on. Earlier than asked for if it has it already.")
    previous: str = strawberry.field(description="The value that was to be in force at that moment before.")


@strawberry.type(description="The planned value is taken back.")
class WithdrawPolicyPayload:
    name: PolicyName = strawberry.field(description="Which policy.")
    value: str = strawberry.field(description=f"{VALUE} In force at that moment instead.")
    valid_from: DateTime = strawberry.field(description="When the value that was taken back would have begun.")
    previous: str = strawberry.field(description="The value that was taken back.")


SetPolicyResult = Annotated[
    SetPolicyPayload | InvalidInputProblem,
    strawberry.union("SetPolicyResult", description="The value, or why not."),
]
WithdrawPolicyResult = Annotated[
    WithdrawPolicyPayload | InvalidInputProblem | UnknownReferenceProblem,
    strawberry.union("WithdrawPolicyResult", description="The value that is in force instead, or why not."),
]


@strawberry.type
class PolicyChanges:
    @mutation(
        "For operators: change a policy from now or from a later moment on, without a deployment. What was in force"
        " stays as it was. Recorded in the audit trail; setting what is so already changes nothing. Refused with"
        " `VALUE_INVALID`, `VALID_FROM_PAST` or `VALID_FROM_TOO_FAR`."
    )
    async def set_policy(
        self, info: Info, input: Annotated[SetPolicyInput, argument("What to set.")]
    ) -> SetPolicyResult:
        context = signed_in(info)
        change = setting_policies.set_policy(
            context.database, context.viewer, input.name, input.value, input.valid_from
        )
        found: SetPolicyResult = await answer(SetPolicyPayload, change)
        return found

    @mutation(
        "For operators: take back a planned value of a policy before it begins. Recorded in the audit trail. Refused with"
        " `POLICY_IN_FORCE` where it has begun, or `POLICY_UNKNOWN` where none is planned."
    )
    async def withdraw_policy(
        self, info: Info, input: Annotated[WithdrawPolicyInput, argument("What to take back.")]
    ) -> WithdrawPolicyResult:
        context = signed_in(info)
        change = setting_policies.withdraw_policy(context.database, context.viewer, input.name, input.valid_from)
        found: WithdrawPolicyResult = await answer(WithdrawPolicyPayload, change)
        return found
