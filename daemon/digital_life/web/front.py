"""Every request: whether it may be asked, and what answers it."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, urlencode

from aiohttp import web

from digital_life import words
from digital_life.errors import DigitalLifeError, RequestError
from digital_life.values import Language
from digital_life.web import answers, asking, headers, pages
from digital_life.web.access import READING, Access, Kind, check_body
from digital_life.web.credentials import Credentials
from digital_life.web.files import Shelf
from digital_life.web.login import Logins
from digital_life.web.resource import Call, Download
from digital_life.web.routes import Asks, Elsewhere, InFolder, Routes
from digital_life.web.site import Folder, Site
from digital_life.web.sockets import Sockets
from digital_life.worker import Worker

log = logging.getLogger(__name__)

METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE"})
STYLE: Final = InFolder(Folder("/login/", pages.files(), headers.LOGIN), ("login.css",))
FORM_BYTES: Final = 8 << 10
"""Of the form of the log-in."""


class Front:
    def __init__(
        self,
        site: Site,
        *,
        access: Access,
        logins: Logins,
        credentials: Credentials,
        sockets: Sockets,
        worker: Worker,
        home: Path,
        language: Language,
    ) -> None:
        self._routes = Routes(site)
        self._access = access
        self._logins = logins
        self._credentials = credentials
        self._sockets = sockets
        self._worker = worker
        self._home = home
        self._language: Language = language
        self._shelf = Shelf()

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        language = asking.language(request, self._language)
        accepted = request.headers.get("Accept", "")
        try:
            response = await self._answer(request, language)
        except DigitalLifeError as error:
            response = answers.wrong(error, language, accepted=accepted)
        except (ConnectionError, asyncio.CancelledError):
            raise
        except Exception:
            log.exception("%s %s went wrong", request.method, request.rel_url.raw_path)
            response = answers.wrong(RequestError("web-failed", status=500), language, accepted=accepted)
        if not response.prepared:
            headers.seal(response.headers)
        return response

    async def _answer(self, request: web.BaseRequest, language: Language) -> web.StreamResponse:
        if request.method not in METHODS:
            raise RequestError("web-method", status=405, method=request.method)
        path = request.rel_url.raw_path
        said = asking.asked(request, self._kind(path))
        shown = asking.bearer(request)
        # From where, before anything that is shown is looked at: a foreign page may not even guess.
        self._access.check(said, known=True, by_token=shown is not None)
        if path == pages.ICON and request.method in READING:
            return await self._file(request, self._routes.file(path))
        if path in (pages.LOGIN, pages.STYLE):
            return await self._at_login(request, language)
        by_token = self._logins.by_token(shown, peer=request.remote or "")
        session = None if by_token or self._access.is_free(said) else self._logins.session(request)
        if said.kind == "page" and said.method in READING and "token" in request.query:
            return self._enter_by_link(request, language, free=self._access.is_free(said))
        try:
            self._access.check(said, known=session is not None, by_token=by_token)
        except RequestError as error:
            if error.status == 401 and said.kind == "page" and said.method in READING:
                return _seek_login(request)
            raise
        response = await self._serve(request, language, session)
        if session is not None:
            self._logins.renew(response, session)
        return response

    def _kind(self, path: str) -> Kind:
        if self._routes.channel(path):
            return "socket"
        return "data" if path.startswith("/api/") or self._routes.document(path) else "page"

    async def _serve(self, request: web.BaseRequest, language: Language, session: str | None) -> web.StreamResponse:
        path = request.rel_url.raw_path
        if path == pages.LOGOUT:
            return self._log_out(request, session)
        if channel := self._routes.channel(path):
            return await self._sockets.serve(request, channel, language=language, session=session)
        if asks := self._routes.resource(request.method, path):
            return await self._ask(request, asks, language)
        if request.method not in READING:
            raise RequestError("web-nothing", status=404)
        if document := self._routes.document(path):
            return await answers.send(document(language), request, told=answers.JSON, worker=self._worker)
        return await self._file(request, self._routes.file(path))

    async def _ask(self, request: web.BaseRequest, asks: Asks, language: Language) -> web.StreamResponse:
        call = Call(words=words.load(language), path=asks.places, query=dict(request.query))
        if request.method in READING:
            return await self._told(request, await asks.resource.answer(call))
        check_body(asking.media_type(request), takes_file=asks.resource.takes_file)
        if not asks.resource.takes_file:
            call = Call(words=call.words, path=call.path, query=call.query, body=await asking.body(request))
            return await self._told(request, await asks.resource.answer(call))
        async with asking.kept_body(request, home=self._home, worker=self._worker) as file:
            call = Call(words=call.words, path=call.path, query=call.query, file=file)
            return await self._told(request, await asks.resource.answer(call))

    async def _told(self, request: web.BaseRequest, told: object) -> web.StreamResponse:
        if isinstance(told, Download):
            return await answers.download(told, request, worker=self._worker)
        return await answers.json(told, request, worker=self._worker)

    async def _file(self, request: web.BaseRequest, found: InFolder | Elsewhere | None) -> web.StreamResponse:
        if isinstance(found, Elsewhere):
            return _redirect(found.path, query=request.rel_url.raw_query_string, status=308)
        if found is None:
            raise RequestError("web-nothing", status=404)
        folder, parts = found.folder, found.parts
        file = await self._worker.run(lambda: self._shelf.file(folder.files, parts))
        if file is None:
            raise RequestError("web-nothing", status=404)
        return await answers.file(file, request, policy=folder.policy, worker=self._worker)

    async def _at_login(self, request: web.BaseRequest, language: Language) -> web.StreamResponse:
        if request.rel_url.raw_path == pages.STYLE and request.method in READING:
            return await self._file(request, STYLE)
        if request.method in READING:
            return self._login_page(language, after=request.query.get("next", "/"))
        if request.method != "POST" or asking.media_type(request) != "application/x-www-form-urlencoded":
            raise RequestError("web-method", status=405, method=request.method)
        return await self._log_in(request, language)

    async def _log_in(self, request: web.BaseRequest, language: Language) -> web.StreamResponse:
        form = parse_qs((await asking.body(request, most=FORM_BYTES)).decode(errors="replace"), max_num_fields=8)
        after = pages.own_path(form.get("next", ["/"])[0])
        try:
            name = self._logins.begin(form.get("secret", [""])[0].strip(), peer=request.remote or "")
        except RequestError as error:
            response = self._login_page(language, after=after, wrong=error.sentence(language))
            response.set_status(error.status)
            return response
        redirect = _redirect(after)
        redirect.set_cookie("language", language, path="/", samesite="Lax")
        self._logins.keep(redirect, name)
        return redirect

    def _enter_by_link(self, request: web.BaseRequest, language: Language, *, free: bool) -> web.StreamResponse:
        """The address held the token: from now on the browser knows it, and the address does not."""
        rest = [(name, value) for name, value in request.query.items() if name != "token"]
        redirect = _redirect(pages.own_path(request.rel_url.raw_path), query=urlencode(rest))
        if free:
            return redirect
        try:
            name = self._logins.begin(request.query["token"], peer=request.remote or "")
        except RequestError as error:
            response = self._login_page(language, after="/", wrong=error.sentence(language))
            response.set_status(error.status)
            return response
        self._logins.keep(redirect, name)
        return redirect

    def _log_out(self, request: web.BaseRequest, session: str | None) -> web.StreamResponse:
        if request.method != "POST":
            raise RequestError("web-method", status=405, method=request.method)
        response = web.Response(status=204)
        if session is not None:
            self._logins.end(session)
            self._sockets.end_where(lambda name: name == session)
            self._logins.drop(response)
        return response

    def _login_page(self, language: Language, *, after: str, wrong: str = "") -> web.Response:
        html = pages.login_page(
            words.load(language),
            after=pages.own_path(after),
            has_password=self._credentials.has_password,
            wrong=wrong,
        )
        # A form says where it comes from (Origin) only under a policy that lets it.
        told = {"Content-Security-Policy": headers.LOGIN, "Referrer-Policy": "same-origin"}
        return web.Response(text=html, content_type="text/html", headers=told)


def _seek_login(request: web.BaseRequest) -> web.Response:
    after = pages.own_path(request.rel_url.raw_path)
    return _redirect(pages.LOGIN, query=urlencode({"next": after}) if after != "/" else "")


def _redirect(path: str, *, query: str = "", status: int = 303) -> web.Response:
    return web.Response(status=status, headers={"Location": f"{path}?{query}" if query else path})
