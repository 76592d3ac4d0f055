"""One HTTP/2 connection: the ``h2`` state machine on an asyncio protocol, a stream for each exchange. RFC 9113."""

from __future__ import annotations

import asyncio
import math
from typing import Protocol, cast

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.events import (
    DataReceived,
    Event,
    InformationalResponseReceived,
    RemoteSettingsChanged,
    ResponseReceived,
    StreamEnded,
    StreamReset,
    WindowUpdated,
)
from h2.exceptions import DenialOfServiceError, H2Error
from h2.settings import SettingCodes, Settings

from gateway.transport.http.client import Limits
from gateway.transport.http.failures import BadResponse, ConnectFailed, HttpFailure, Interrupted, TooLarge
from gateway.transport.http.http2.fields import Fields, PlainEncoder
from gateway.transport.http.http2.frames import FRAME_BYTES, GOAWAY, HEAD_BYTES, Frame, Frames
from gateway.transport.http.http2.liveness import Liveness
from gateway.transport.http.http2.stream import Stream

__all__ = ["Http2Connection", "Owner"]

_STREAMS = 256
_STREAM_WINDOW = 512 * 1024
_CONNECTION_WINDOW = 2 * _STREAMS * _STREAM_WINDOW
"""So much that no answer waits for another's reader: each is bounded by its own window."""
_LAST_ID = 2**31 - 1
_PING = b"gateway."


class Owner(Protocol):
    """Who hands out a connection's places."""

    def place_free(self) -> None:
        """A stream is over."""

    def changed(self, connection: Http2Connection) -> None:
        """The connection takes more or fewer streams than before, or none."""


class Http2Connection(asyncio.Protocol):
    """A connection to one origin. Streams are begun where there is ``room``, and end by themselves or by ``cancel``."""

    def __init__(self, loop: asyncio.AbstractEventLoop, limits: Limits, owner: Owner) -> None:
        self._loop = loop
        self._owner = owner
        self._transport: asyncio.Transport | None = None
        self._h2 = H2Connection(
            H2Configuration(validate_outbound_headers=False, normalize_outbound_headers=False)
        )
        self._h2.encoder = PlainEncoder()
        self._frames = Frames()
        self._streams: dict[int, Stream] = {}
        self._stalled: dict[int, Stream] = {}
        self._paused = False
        self._greeted = loop.create_future()
        self._liveness = Liveness(loop, limits, self)
        self._failure: HttpFailure | None = None
        self.closed = False
        self.draining = False
        self.idle_since = math.inf

    # What the pool and the client call.

    async def established(self) -> None:
        """Until the peer has shown that it speaks HTTP/2; raises HttpFailure."""
        await self._greeted
        if self.closed:
            raise self._failure or ConnectFailed("no connection")

    def room(self) -> int:
        """How many more streams can be begun."""
        if self.closed or self.draining:
            return 0
        return min(self._h2.remote_settings.max_concurrent_streams, _STREAMS) - len(self._streams)

    @property
    def idle(self) -> bool:
        """Whether no stream is open."""
        return not self._streams

    async def prove(self) -> bool:
        """Whether the peer is there still: after a silence it is asked."""
        await self._liveness.prove()
        return not self.closed

    def begin(self, stream: Stream, fields: Fields, body: bytes | None) -> None:
        """Send a request's fields and its body, or with None the fields alone: ``send`` and ``finish`` follow."""
        stream.id = self._h2.get_next_available_stream_id()
        if stream.id > _LAST_ID - 2:
            self.draining = True
        self._streams[stream.id] = stream
        self._h2.send_headers(stream.id, fields, end_stream=body == b"")
        self._frames.moved()
        stream.ends = body is not None
        if body:
            stream.outgoing = memoryview(body)
            self._pump(stream)
        self._flush()
        self._liveness.watch()

    async def send(self, stream: Stream, chunk: bytes) -> None:
        """Send more of the body, waiting while the peer does not take it; raises Interrupted where it is over."""
        if stream.id not in self._streams:
            raise Interrupted("the request is over")
        stream.outgoing = memoryview(chunk)
        self._pump(stream)
        self._flush()
        await stream.all_taken()

    def finish(self, stream: Stream) -> None:
        """End the body."""
        if stream.id in self._streams:
            stream.ends = True
            self._pump(stream)
            self._flush()

    def took(self, stream: Stream) -> None:
        """The reader has taken what had come."""
        if stream.unread and not self.closed:
            self._h2.acknowledge_received_data(stream.unread, stream.id)
            stream.unread = 0
            self._flush()

    def cancel(self, stream: Stream) -> None:
        """End a stream that is not over; the peer is told."""
        if stream.id in self._streams and not self.closed:
            self._reset(stream)
            self._over(stream)
            self._flush()

    def ping(self) -> None:
        """Ask the peer for a sign of life."""
        self._h2.ping(_PING)
        self._flush()

    def close(self) -> None:
        """Say goodbye, and close; what is under way fails."""
        if not self.closed and self._transport is not None and not self._paused:
            self._h2.close_connection()
            self._flush()
            self._transport.close()
            self._lost()
        self.abort()

    def abort(self) -> None:
        """Close at once."""
        if not self.closed and self._transport is not None:
            self._transport.abort()
            self._lost()

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's are no subclass
        values = {
            SettingCodes.ENABLE_PUSH: 0,
            SettingCodes.INITIAL_WINDOW_SIZE: _STREAM_WINDOW,
            SettingCodes.MAX_FRAME_SIZE: FRAME_BYTES,
            SettingCodes.MAX_HEADER_LIST_SIZE: HEAD_BYTES,
        }
        self._h2.local_settings = Settings(client=True, initial_values=values)
        self._h2.initiate_connection()
        self._h2.increment_flow_control_window(_CONNECTION_WINDOW - 65_535)
        self._flush()

    def data_received(self, data: bytes) -> None:
        self._liveness.heard()
        try:
            for frame in self._frames.cut(data):
                self._receive(frame)
                if self.closed:
                    return
        except HttpFailure as failure:
            self._break(failure, 0)
        self._flush()

    def connection_lost(self, exc: Exception | None) -> None:
        self._lost()

    def pause_writing(self) -> None:
        self._paused = True

    def resume_writing(self) -> None:
        self._paused = False
        self._pump_all()
        self._flush()

    # What comes

    def _receive(self, frame: Frame) -> None:
        if frame.kind == GOAWAY and frame.stream == 0 and not frame.in_block and len(frame.payload) >= 8:
            # The library would refuse the rest of the answers that are still to come.
            self._go_away(int.from_bytes(frame.payload[:4], "big") & _LAST_ID)
            return
        try:
            events = self._h2.receive_data(frame.raw)
        except DenialOfServiceError:
            self._break(TooLarge("its headers are too large"), frame.stream)
        except H2Error:
            self._break(BadResponse("it did not answer in HTTP/2"), frame.stream)
        else:
            for event in events:
                self._on(event)

    def _on(self, event: Event) -> None:
        match event:
            case DataReceived():
                self._on_data(event)
            case ResponseReceived():
                self._on_head(event)
            case InformationalResponseReceived() if event.stream_id in self._streams:
                self._streams[event.stream_id].touched = True
            case StreamEnded():
                self._on_end(event)
            case StreamReset():
                self._on_reset(event)
            case WindowUpdated():
                self._pump_all() if event.stream_id == 0 else self._pump_one(event.stream_id)
            case RemoteSettingsChanged():
                if not self._greeted.done():
                    self._greeted.set_result(None)
                self._pump_all()
                self._owner.changed(self)

    def _on_head(self, event: ResponseReceived) -> None:
        stream = self._streams.get(event.stream_id)
        if stream is None:
            return
        self._frames.moved()
        stream.touched = stream.has_head = True
        for name, value in event.headers or ():
            if name == b":status":
                stream.status = int(value) if value.isdigit() and len(value) == 3 else 0
            else:
                stream.headers.append((bytes(name), bytes(value)))
        if stream.status < 200:
            self._break(BadResponse("it did not answer in HTTP/2"), stream.id)
        stream.wake()

    def _on_data(self, event: DataReceived) -> None:
        size = event.flow_controlled_length or 0
        stream = self._streams.get(event.stream_id)
        if stream is None:
            self._h2.acknowledge_received_data(size, event.stream_id)
            return
        stream.touched = True
        stream.unread += size
        if event.data:
            self._frames.moved()
            stream.chunks.append(bytes(event.data))
            stream.buffered += len(event.data)
            stream.wake()

    def _on_end(self, event: StreamEnded) -> None:
        stream = self._streams.get(event.stream_id)
        if stream is None:
            return
        if not stream.has_head:
            self._reset(stream)
            stream.fail(BadResponse("it ended without an answer"))
        elif stream.outgoing or not stream.ends:
            self._reset(stream)  # it answered before it had the whole request
        stream.done = stream.error is None
        self._over(stream)
        stream.wake()

    def _on_reset(self, event: StreamReset) -> None:
        stream = self._streams.get(event.stream_id)
        if stream is None:
            return
        if event.remote_reset:
            refused = event.error_code == ErrorCodes.REFUSED_STREAM
            stream.fail(Interrupted("it ended the request", untouched=refused and not stream.touched))
        else:
            stream.fail(BadResponse("it did not answer in HTTP/2"))
        self._over(stream)

    def _go_away(self, last: int) -> None:
        self.draining = True
        for stream in [one for one in self._streams.values() if one.id > last]:
            stream.fail(Interrupted("the connection was closed", untouched=not stream.touched))
            self._over(stream)
        self._owner.changed(self)
        self._end_where_drained()

    # What goes

    def _pump_one(self, number: int | None) -> None:
        stream = self._stalled.get(number or 0)
        if stream is not None:
            self._pump(stream)

    def _pump_all(self) -> None:
        for stream in list(self._stalled.values()):
            self._pump(stream)

    def _pump(self, stream: Stream) -> None:
        """Send what the windows let through; who is left over is last in turn."""
        self._stalled.pop(stream.id, None)
        while stream.id in self._streams and (stream.outgoing or stream.ends):
            window = min(self._h2.local_flow_control_window(stream.id), self._h2.max_outbound_frame_size)
            if stream.outgoing and (self._paused or window <= 0):
                self._stalled[stream.id] = stream
                return
            piece, stream.outgoing = stream.outgoing[:window], stream.outgoing[window:]
            ended = stream.ends and not stream.outgoing
            self._h2.send_data(stream.id, bytes(piece), end_stream=ended)
            self._frames.moved()
            self._flush()
            if ended:
                break
        if not stream.outgoing:
            stream.release()

    def _flush(self) -> None:
        if self._transport is not None and not self.closed:
            data = self._h2.data_to_send()
            if data:
                self._transport.write(data)

    # How it ends

    def _reset(self, stream: Stream) -> None:
        self._h2.reset_stream(stream.id, ErrorCodes.CANCEL)

    def _over(self, stream: Stream) -> None:
        del self._streams[stream.id]
        self._stalled.pop(stream.id, None)
        if stream.unread:
            self._h2.acknowledge_received_data(stream.unread, stream.id)
            stream.unread = 0
        stream.release()
        self.idle_since = self._loop.time()
        self._owner.place_free()
        self._end_where_drained()

    def _end_where_drained(self) -> None:
        if self.draining and not self._streams:
            self.close()

    def _break(self, failure: HttpFailure, offender: int) -> None:
        """End the connection for what the peer did; streams that had no part in it may go elsewhere."""
        self._failure = failure
        for stream in list(self._streams.values()):
            if offender in (0, stream.id):
                stream.fail(failure)
        self._flush()
        self.abort()

    def _lost(self) -> None:
        if self.closed:
            return
        self.closed = True
        streams, self._streams = list(self._streams.values()), {}
        self._stalled.clear()
        for stream in streams:
            stream.fail(Interrupted("the connection was closed", untouched=not stream.touched))
            stream.release()
        if not self._greeted.done():
            self._greeted.set_result(None)
        self._liveness.stop()
        self._owner.changed(self)
