"""A chat model in a folder of this machine, run by ONNX Runtime without torch or a server."""

from __future__ import annotations

import importlib
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.messages.ai import UsageMetadata
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import PrivateAttr

from rag.errors import ModelError, PromptTooLong

_ROLES = {"human": "user", "ai": "assistant"}  # others are called the same


class LocalChat(BaseChatModel):
    """The model in `folder`, which holds a `genai_config.json`; loaded when first asked.

    It writes at most `tokens` at a time, always the likeliest next one, for one caller at a time.
    """

    folder: Path
    tokens: int = 800

    _model: Any = PrivateAttr(default=None)
    _tokenizer: Any = PrivateAttr(default=None)
    _lock: Any = PrivateAttr(default_factory=threading.Lock)

    @property
    def _llm_type(self) -> str:
        return "onnx"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        chunks = list(self._stream(messages, stop, run_manager, **kwargs))
        text = "".join(str(chunk.message.text) for chunk in chunks)
        return ChatResult(generations=[ChatGeneration(message=AIMessage(content=text))])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        with self._lock:
            runtime = self._loaded()
            prompt = self._tokenizer.encode(self._templated(messages))
            parameters = runtime.GeneratorParams(self._model)
            parameters.set_search_options(max_length=len(prompt) + self.tokens, do_sample=False)
            generator = self._begun(runtime, parameters, prompt)
            pieces = self._tokenizer.create_stream()
            written = 0
            while not generator.is_done():
                generator.generate_next_token()
                written += 1
                piece = pieces.decode(generator.get_next_tokens()[0])
                if run_manager:
                    run_manager.on_llm_new_token(piece)
                yield ChatGenerationChunk(message=AIMessageChunk(content=piece))
        usage = UsageMetadata(
            input_tokens=len(prompt), output_tokens=written, total_tokens=len(prompt) + written
        )
        finish = {"finish_reason": "length" if written >= self.tokens else "stop"}
        last = AIMessageChunk(content="", usage_metadata=usage, response_metadata=finish)
        yield ChatGenerationChunk(message=last)

    def _loaded(self) -> Any:
        runtime = importlib.import_module("onnxruntime_genai")  # has no types
        if self._model is None:
            try:
                self._model = runtime.Model(str(self.folder.expanduser()))
                self._tokenizer = runtime.Tokenizer(self._model)
            except Exception as error:
                said = f"{self.folder} holds no model that can be run: {error}"
                raise ModelError(said) from error
        return runtime

    def _begun(self, runtime: Any, parameters: Any, prompt: Any) -> Any:
        try:
            generator = runtime.Generator(self._model, parameters)
            generator.append_tokens(prompt)
        except Exception as error:
            if "length" in str(error):
                raise PromptTooLong(f"the model in {self.folder} cannot read so much") from error
            raise
        return generator

    def _templated(self, messages: list[BaseMessage]) -> str:
        """The messages in the form that the model was trained on, plain where it states none."""
        said = [
            {"role": _ROLES.get(message.type, message.type), "content": str(message.text)}
            for message in messages
        ]
        try:
            return str(self._tokenizer.apply_chat_template(json.dumps(said)))
        except Exception:  # the engine raises a bare one where the model has no template
            return "\n\n".join(each["content"] for each in said)
