"""Letters to citizens: what they say, and how they come into the outbox. `events/` sends them."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from models.mail import Mail, MailKind
from resolvers.languages import Language


@dataclass(frozen=True)
class Letter:
    """A subject and a text, in which `{link}` stands for a link, where the letter has one."""

    subject: str
    text: str


LETTERS: Mapping[MailKind, Mapping[Language, Letter]] = {
    MailKind.REGISTRATION: {
        Language.BE: Letter(
            "Пацвярджэнне рэгістрацыі",
            "Каб скончыць рэгістрацыю на партале ацэнак, адкрыйце спасылку і ўвядзіце пароль, які вы выбралі:\n\n"
            "{link}\n\nСпасылка дзейнічае 24 гадзіны. Калі вы не рэгістраваліся, проста выдаліце гэты ліст: уліковага"
            " запісу не будзе.",
        ),
        Language.RU: Letter(
            "Подтверждение регистрации",
            "Чтобы завершить регистрацию на портале оценок, откройте ссылку и введите пароль, который вы выбрали:\n\n"
            "{link}\n\nСсылка действует 24 часа. Если вы не регистрировались, просто удалите это письмо: учётной записи"
            " не будет.",
        ),
        Language.EN: Letter(
            "Confirm your registration",
            "To finish your registration on the rating portal, open this link and enter the password that you chose:"
            "\n\n{link}\n\nThe link is good for 24 hours. If you did not register, just delete this letter: there will"
            " be no account.",
        ),
    },
    MailKind.ALREADY_REGISTERED: {
        Language.BE: Letter(
            "У вас ужо ёсць уліковы запіс",
            "Хтосьці, магчыма вы, рэгістраваўся на партале ацэнак з гэтым адрасам, але ўліковы запіс з ім ужо ёсць. Калі"
            " гэта былі вы, па спасылцы можна задаць новы пароль:\n\n{link}\n\nСпасылка дзейнічае адну гадзіну. Калі гэта"
            " былі не вы, выдаліце гэты ліст: нічога не змянілася.",
        ),
        Language.RU: Letter(
            "У вас уже есть учётная запись",
            "Кто-то, возможно вы, регистрировался на портале оценок с этим адресом, но учётная запись с ним уже есть."
            " Если это были вы, по ссылке можно задать новый пароль:\n\n{link}\n\nСсылка действует один час. Если это"
            " были не вы, удалите это письмо: ничего не изменилось.",
        ),
        Language.EN: Letter(
            "You already have an account",
            "Somebody, perhaps you, registered on the rating portal with this address, but there is an account with it"
            " already. If it was you, set a new password with this link:\n\n{link}\n\nThe link is good for an hour. If it"
            " was not you, delete this letter: nothing has changed.",
        ),
    },
    MailKind.PASSWORD_RESET: {
        Language.BE: Letter(
            "Новы пароль",
            "Каб задаць новы пароль для партала ацэнак, адкрыйце спасылку:\n\n{link}\n\nСпасылка дзейнічае адну гадзіну."
            " Калі вы аб гэтым не прасілі, выдаліце гэты ліст: ваш пароль не змяніўся.",
        ),
        Language.RU: Letter(
            "Новый пароль",
            "Чтобы задать новый пароль для портала оценок, откройте ссылку:\n\n{link}\n\nСсылка действует один час. Если"
            " вы об этом не просили, удалите это письмо: ваш пароль не изменился.",
        ),
        Language.EN: Letter(
            "A new password",
            "To set a new password for the rating portal, open this link:\n\n{link}\n\nThe link is good for an hour. If"
            " you did not ask for it, delete this letter: your password has not changed.",
        ),
    },
    MailKind.NO_ACCOUNT: {
        Language.BE: Letter(
            "Няма ўліковага запісу з гэтым адрасам",
            "Хтосьці, магчыма вы, хацеў задаць новы пароль для партала ацэнак, але ўліковага запісу з гэтым адрасам няма."
            " Магчыма, вы рэгістраваліся з іншым. Зарэгістравацца можна тут:\n\n{link}",
        ),
        Language.RU: Letter(
            "Нет учётной записи с этим адресом",
            "Кто-то, возможно вы, хотел задать новый пароль для портала оценок, но учётной записи с этим адресом нет."
            " Возможно, вы регистрировались с другим. Зарегистрироваться можно здесь:\n\n{link}",
        ),
        Language.EN: Letter(
            "There is no account with this address",
            "Somebody, perhaps you, wanted to set a new password for the rating portal, but there is no account with this"
            " address. Perhaps you registered with another one. You can register here:\n\n{link}",
        ),
    },
    MailKind.PASSWORD_CHANGED: {
        Language.BE: Letter(
            "Ваш пароль зменены",
            "Пароль вашага ўліковага запісу на партале ацэнак зменены, і ўсе іншыя сеансы завершаны. Калі гэта былі не вы,"
            " задайце новы пароль тут:\n\n{link}",
        ),
        Language.RU: Letter(
            "Ваш пароль изменён",
            "Пароль вашей учётной записи на портале оценок изменён, и все другие сеансы завершены. Если это были не вы,"
            " задайте новый пароль здесь:\n\n{link}",
        ),
        Language.EN: Letter(
            "Your password was changed",
            "The password of your account on the rating portal was changed, and all other sessions were ended. If it was"
            " not you, set a new password here:\n\n{link}",
        ),
    },
    MailKind.ERASED: {
        Language.BE: Letter(
            "Ваш уліковы запіс выдалены",
            "Ваш уліковы запіс на партале ацэнак выдалены. Вашы ацэнкі далей улічваюцца, але ніхто не можа даведацца, што"
            " яны былі вашы.",
        ),
        Language.RU: Letter(
            "Ваша учётная запись удалена",
            "Ваша учётная запись на портале оценок удалена. Ваши оценки по-прежнему учитываются, но никто не может"
            " узнать, что они были вашими.",
        ),
        Language.EN: Letter(
            "Your account was erased",
            "Your account on the rating portal was erased. Your ratings still count, but nobody can find out that they"
            " were yours.",
        ),
    },
    MailKind.IDENTITY_LINKED: {
        Language.BE: Letter(
            "Новы спосаб уваходу",
            "Да вашага ўліковага запісу на партале ацэнак далучаны ўваход праз іншую службу. Калі гэта былі не вы,"
            " увайдзіце, адлучыце яго і завяршыце ўсе сеансы:\n\n{link}",
        ),
        Language.RU: Letter(
            "Новый способ входа",
            "К вашей учётной записи на портале оценок привязан вход через другую службу. Если это были не вы, войдите,"
            " отвяжите его и завершите все сеансы:\n\n{link}",
        ),
        Language.EN: Letter(
            "Another way to sign in",
            "Sign-in through another service was linked to your account on the rating portal. If it was not you, sign in,"
            " unlink it and end all sessions:\n\n{link}",
        ),
    },
    MailKind.IDENTITY_UNLINKED: {
        Language.BE: Letter(
            "Спосаб уваходу адлучаны",
            "Ад вашага ўліковага запісу на партале ацэнак адлучаны ўваход праз іншую службу. Калі гэта былі не вы,"
            " увайдзіце і завяршыце ўсе сеансы:\n\n{link}",
        ),
        Language.RU: Letter(
            "Способ входа отвязан",
            "От вашей учётной записи на портале оценок отвязан вход через другую службу. Если это были не вы, войдите и"
            " завершите все сеансы:\n\n{link}",
        ),
        Language.EN: Letter(
            "A way to sign in is gone",
            "Sign-in through another service was unlinked from your account on the rating portal. If it was not you, sign"
            " in and end all sessions:\n\n{link}",
        ),
    },
    MailKind.REVIEW_SEEN: {
        Language.BE: Letter(
            "Ваш водгук прачытаны",
            "Кіраўнік арганізацыі прачытаў ваш водгук на партале ацэнак:\n\n{link}",
        ),
        Language.RU: Letter(
            "Ваш отзыв прочитан",
            "Руководитель организации прочитал ваш отзыв на портале оценок:\n\n{link}",
        ),
        Language.EN: Letter(
            "Your review was read",
            "The head of the organization has read your review on the rating portal:\n\n{link}",
        ),
    },
    MailKind.REVIEW_ANSWERED: {
        Language.BE: Letter(
            "Адказ на ваш водгук",
            "На ваш водгук на партале ацэнак далі адказ. Прачытаць яго і сказаць, ці вырашана пытанне, можна тут:"
            "\n\n{link}",
        ),
        Language.RU: Letter(
            "Ответ на ваш отзыв",
            "На ваш отзыв на портале оценок дан ответ. Прочитать его и сказать, решён ли вопрос, можно здесь:\n\n{link}",
        ),
        Language.EN: Letter(
            "Your review was answered",
            "There is a reply to your review on the rating portal. Read it, and say whether it settles the matter, here:"
            "\n\n{link}",
        ),
    },
    MailKind.REPLY_EDITED: {
        Language.BE: Letter(
            "Адказ на ваш водгук зменены",
            "Адказ на ваш водгук на партале ацэнак зменены. Прачытаць яго можна тут:\n\n{link}",
        ),
        Language.RU: Letter(
            "Ответ на ваш отзыв изменён",
            "Ответ на ваш отзыв на портале оценок изменён. Прочитать его можно здесь:\n\n{link}",
        ),
        Language.EN: Letter(
            "The reply to your review has changed",
            "The reply to your review on the rating portal has changed. Read it here:\n\n{link}",
        ),
    },
    MailKind.MEASURE_RECORDED: {
        Language.BE: Letter(
            "Па вашым водгуку прынятыя меры",
            "Арганізацыя паведаміла, што яна зрабіла па вашым водгуку на партале ацэнак. Прачытаць пра гэта і сказаць, ці"
            " вырашана пытанне, можна тут:\n\n{link}",
        ),
        Language.RU: Letter(
            "По вашему отзыву приняты меры",
            "Организация сообщила, что она сделала по вашему отзыву на портале оценок. Прочитать об этом и сказать, решён"
            " ли вопрос, можно здесь:\n\n{link}",
        ),
        Language.EN: Letter(
            "Something was done because of your review",
            "The organization has told what it did because of your review on the rating portal. Read it, and say whether"
            " it settles the matter, here:\n\n{link}",
        ),
    },
    MailKind.COMPLAINT_DECIDED: {
        Language.BE: Letter(
            "Рашэнне па вашай скарзе",
            "Мадэратар партала ацэнак вырашыў вашу скаргу. Прачытаць рашэнне можна тут:\n\n{link}",
        ),
        Language.RU: Letter(
            "Решение по вашей жалобе",
            "Модератор портала оценок рассмотрел вашу жалобу. Прочитать решение можно здесь:\n\n{link}",
        ),
        Language.EN: Letter(
            "Your complaint was decided",
            "A moderator of the rating portal has decided your complaint. Read the decision here:\n\n{link}",
        ),
    },
    MailKind.EMAIL_CHANGE: {
        Language.BE: Letter(
            "Пацвярджэнне новага адраса",
            "Каб гэты адрас стаў адрасам вашага ўліковага запісу на партале ацэнак, увайдзіце на партал і адкрыйце"
            " спасылку:\n\n{link}\n\nСпасылка дзейнічае адну гадзіну. Калі вы аб гэтым не прасілі, выдаліце гэты ліст:"
            " нічога не зменіцца.",
        ),
        Language.RU: Letter(
            "Подтверждение нового адреса",
            "Чтобы этот адрес стал адресом вашей учётной записи на портале оценок, войдите на портал и откройте"
            " ссылку:\n\n{link}\n\nСсылка действует один час. Если вы об этом не просили, удалите это письмо: ничего не"
            " изменится.",
        ),
        Language.EN: Letter(
            "Confirm your new address",
            "To make this the address of your account on the rating portal, sign in there and open this link:"
            "\n\n{link}\n\nThe link is good for an hour. If you did not ask for it, delete this letter: nothing will"
            " change.",
        ),
    },
    MailKind.EMAIL_IN_USE: {
        Language.BE: Letter(
            "У вас ужо ёсць уліковы запіс",
            "Хтосьці, магчыма вы, хацеў зрабіць гэты адрас адрасам іншага ўліковага запісу на партале ацэнак, але з ім ужо"
            " ёсць уліковы запіс. Нічога не змянілася.",
        ),
        Language.RU: Letter(
            "У вас уже есть учётная запись",
            "Кто-то, возможно вы, хотел сделать этот адрес адресом другой учётной записи на портале оценок, но с ним уже"
            " есть учётная запись. Ничего не изменилось.",
        ),
        Language.EN: Letter(
            "You already have an account",
            "Somebody, perhaps you, wanted to make this the address of another account on the rating portal, but there is an"
            " account with it already. Nothing has changed.",
        ),
    },
    MailKind.EMAIL_CHANGED: {
        Language.BE: Letter(
            "Адрас вашага ўліковага запісу зменены",
            "Ваш уліковы запіс на партале ацэнак мае цяпер іншы адрас, і на гэты партал больш не піша. Калі гэта былі не вы,"
            " адразу звярніцеся да аператара партала:\n\n{link}",
        ),
        Language.RU: Letter(
            "Адрес вашей учётной записи изменён",
            "У вашей учётной записи на портале оценок теперь другой адрес, и на этот портал больше не пишет. Если это были"
            " не вы, сразу обратитесь к оператору портала:\n\n{link}",
        ),
        Language.EN: Letter(
            "The address of your account was changed",
            "Your account on the rating portal has another address now, and the portal does not write to this one any more."
            " If it was not you, turn to the portal's operator at once:\n\n{link}",
        ),
    },
}


async def write(
    connection: AsyncConnection, kind: MailKind, recipient: str, language: Language, link: str = ""
) -> None:
    """Put a letter into the outbox, in the transaction that is the reason for it: none without the other."""
    letter = LETTERS[kind][language]
    row = {"kind": kind, "recipient": recipient, "subject": letter.subject, "body": letter.text.format(link=link)}
    await connection.execute(insert(Mail).values(row))
