"""Every dialect of a record, in the order in which they are tried, and how one file's records are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from casekit.ingest.dialects import (
    access_json,
    accounts,
    admin,
    agent_chats,
    agents,
    api_logs,
    app_chats,
    app_rows,
    assistants,
    azure,
    bedrock,
    call_trees,
    captures,
    chat_exports,
    cherry,
    cloud_audit,
    cursor,
    discord,
    distilled,
    engine_lines,
    eval_results,
    evaluations,
    exports,
    gateways,
    generations,
    google_chat,
    hangouts,
    holdings,
    inspect_samples,
    issues,
    kakao,
    mapped,
    media_answers,
    message_tables,
    meta,
    oasst,
    otel,
    otel_shapes,
    preferences,
    realtime,
    rsmf,
    sets,
    short_chats,
    signal,
    slack,
    stream_lines,
    team_rooms,
    teams,
    telegram,
    traces,
    trees,
    vertex,
    wechat,
    work_chats,
    wrapped,
    x_archive,
)
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.formats import Evidence
from casekit.ingest.parsed import Collection, Context, Problem

Record = dict[str, Any]

_KNOWN_SHAPES = 1000


class Dialect(NamedTuple):
    """One way of writing exchanges down.

    Attributes:
        name: As shown to people.
        read: Fills a draft from a record and tells whether the record is written in this dialect; one
            that is not leaves the draft untouched.
        evidence: Which kind of evidence comes in it.
        source: The specification or the code that it is written by.
        joint: Tells the key that the parts of one exchange share, or empty for a record that is no part.
        merge: Makes one record of the parts, given in the file's order.
        of_model: Whether a file of it that names no model is, as a rule, called after the model.
        run: Tells of a part that names no exchange whose run it is in, as far as it says that, and its place
            there: `first`, `more`, `last`, or empty for a record that is no part.
    """

    name: str
    read: Callable[[Record, Draft], bool]
    evidence: Evidence
    source: str
    joint: Callable[[Record], str] | None = None
    merge: Callable[[list[Record]], Record] | None = None
    of_model: bool = True
    run: Callable[[Record], tuple[str, str]] | None = None


def _read_inside(record: Record, draft: Draft) -> bool:
    return any(
        dialect.read(record, draft) for dialect in DIALECTS if dialect.read is not _read_wrapped
    )


def _read_wrapped(record: Record, draft: Draft) -> bool:
    """A record of any kind inside a log service's own."""
    return wrapped.read_wrapped(record, draft, _read_inside)


DIALECTS: tuple[Dialect, ...] = (
    Dialect("OpenAI audit log", admin.read_openai_audit, "API logs", "openai-openapi `AuditLog`"),
    Dialect("Anthropic Compliance API", admin.read_anthropic_activity, "API logs", "platform.claude.com"),
    Dialect("usage and costs", admin.read_usage_bucket, "API logs", "openai-openapi; Anthropic Admin API"),
    Dialect("usage and costs as a table", admin.read_usage_row, "API logs",
            "OpenAI usage export; Anthropic console export"),
    Dialect("batch job", admin.read_batch_job, "API logs", "openai-openapi `Batch`; Anthropic `MessageBatch`"),
    Dialect("people, keys, projects, fine-tuning", holdings.read_holding, "API logs",
            "openai-openapi; Anthropic Admin API; BerriAI/litellm; openrouter.ai API"),
    Dialect("use by day", admin.read_daily_use, "API logs",
            "Claude Code Analytics API; openrouter.ai API `activity`"),
    Dialect("AWS CloudTrail", cloud_audit.read_cloudtrail, "API logs", "AWS CloudTrail user guide"),
    Dialect("Google Cloud audit logs", cloud_audit.read_google_audit, "API logs",
            "googleapis `audit_log.proto`"),
    Dialect("Azure activity log", cloud_audit.read_azure_activity, "API logs", "Azure Monitor activity log"),
    Dialect("Microsoft 365 audit log", cloud_audit.read_office_audit, "API logs",
            "Office 365 Management Activity API"),
    Dialect("Azure OpenAI diagnostics", azure.read_azure_openai, "API logs", "Azure `AzureDiagnostics`"),
    Dialect("Azure API Management", azure.read_apim, "API logs", "Azure Monitor `ApiManagementGatewayLogs`"),
    Dialect("Azure API Management, models", azure.read_apim_llm, "API logs",
            "Azure Monitor `ApiManagementGatewayLlmLog`", azure.apim_llm_key, azure.merge_apim_llm),
    Dialect("AWS Bedrock invocations", bedrock.read_bedrock, "API logs", "AWS Bedrock user guide"),
    Dialect("AWS Bedrock batch", bedrock.read_bedrock_batch, "API logs", "AWS Bedrock user guide"),
    Dialect("AWS Bedrock agents", bedrock.read_bedrock_agent, "API logs", "AWS Bedrock user guide",
            bedrock.bedrock_agent_key, bedrock.merge_bedrock_agent),
    Dialect("Vertex AI batch", vertex.read_vertex_batch, "API logs", "Google Cloud batch prediction"),
    Dialect("Vertex AI requests", vertex.read_vertex, "API logs", "Google Cloud request-response logging"),
    Dialect("LiteLLM", gateways.read_litellm, "API logs", "BerriAI/litellm `schema.prisma`"),
    Dialect("Helicone", gateways.read_helicone, "API logs", "Helicone/helicone `llm-mapper`"),
    Dialect("Helicone, page of requests", gateways.read_helicone_page, "API logs",
            "Helicone/helicone `MappedLLMRequest`"),
    Dialect("Portkey", gateways.read_portkey, "API logs", "Portkey logs export"),
    Dialect("Kong", gateways.read_kong, "API logs", "Kong log format; AI Gateway audit log"),
    Dialect("OpenRouter", gateways.read_openrouter, "API logs", "openrouter.ai API"),
    Dialect("Cloudflare AI Gateway", gateways.read_cloudflare, "API logs", "Cloudflare API"),
    Dialect("Langfuse", traces.read_langfuse, "API logs", "Langfuse API and blob storage export"),
    Dialect("Langfuse scores", media_answers.read_score, "API logs", "langfuse/langfuse `Score`"),
    Dialect("Langfuse events", traces.read_langfuse_event, "API logs", "Langfuse ingestion API",
            traces.langfuse_event_key, traces.merge_langfuse_events),
    Dialect("Langfuse chat messages", traces.read_chatml, "API logs", "langfuse/langfuse"),
    Dialect("LangSmith", traces.read_langsmith, "API logs", "langsmith-sdk `schemas.py`", traces.langsmith_key,
            traces.merge_langsmith),
    Dialect("Weights & Biases Weave", call_trees.read_weave, "API logs", "wandb/weave `CallSchema`"),
    Dialect("Braintrust", call_trees.read_braintrust, "API logs", "Braintrust API `ProjectLogsEvent`"),
    Dialect("OpenAI threads and runs", assistants.read_thread_part, "API logs", "openai-openapi"),
    Dialect("OpenAI Realtime events", realtime.read_realtime, "API logs", "openai-openapi"),
    Dialect("OpenTelemetry spans", otel.read_span, "API logs", "OTLP; semantic-conventions gen-ai"),
    Dialect("OpenTelemetry events", otel.read_log, "API logs", "OTLP; semantic-conventions gen-ai",
            otel.log_key, otel.merge_logs),
    Dialect("spans as SDKs print them, Jaeger, Zipkin, Phoenix, MLflow", otel_shapes.read_other_span,
            "API logs", "opentelemetry-python; Jaeger; Zipkin API v2; Arize Phoenix; mlflow/mlflow"),
    Dialect("DeepSeek export", chat_exports.read_deepseek, "model outputs", "DeepSeek data export"),
    Dialect("Grok in an archive of X", x_archive.read_grok_item, "model outputs", "help.x.com"),
    Dialect("Grok export", chat_exports.read_grok, "model outputs", "xAI data export"),
    Dialect("Open WebUI", chat_exports.read_open_webui, "model outputs", "open-webui/open-webui"),
    Dialect("LibreChat", chat_exports.read_librechat, "model outputs", "danny-avila/LibreChat"),
    Dialect("LM Studio", chat_exports.read_lm_studio, "model outputs", "LM Studio conversations"),
    Dialect("NextChat", app_chats.read_nextchat, "model outputs", "ChatGPTNextWeb/NextChat"),
    Dialect("Cherry Studio", cherry.read_cherry, "model outputs", "CherryHQ/cherry-studio"),
    Dialect("Chatbox", app_chats.read_chatbox, "model outputs", "Bin-Huang/chatbox"),
    Dialect("TypingMind", app_chats.read_typingmind, "model outputs", "TypingMind export"),
    Dialect("HuggingChat (chat-ui)", app_chats.read_chat_ui, "model outputs", "huggingface/chat-ui"),
    Dialect("SillyTavern", app_chats.read_sillytavern, "model outputs", "SillyTavern/SillyTavern"),
    Dialect("AnythingLLM", app_rows.read_anythingllm, "model outputs", "Mintplex-Labs/anything-llm"),
    Dialect("llm (command), log", app_rows.read_llm, "model outputs", "simonw/llm"),
    Dialect("messages of a chat, one by one (Le Chat)", chat_exports.read_le_chat, "model outputs",
            "Mistral data export"),
    Dialect("ChatGPT export", trees.read_chatgpt, "model outputs", "OpenAI data export"),
    Dialect("Claude.ai export", trees.read_claude, "model outputs", "Claude.ai data export"),
    Dialect("chat export, account", exports.read_account, "model outputs", "OpenAI, Claude.ai data export"),
    Dialect("chat export, feedback", exports.read_feedback, "model outputs", "OpenAI data export"),
    Dialect("chat export, project", exports.read_project, "model outputs", "Claude.ai data export"),
    Dialect("chat export, memory", exports.read_memory, "model outputs", "Claude.ai data export"),
    Dialect("Claude Code session", agents.read_claude_code, "model outputs", "anthropics/claude-code",
            agents.claude_code_key, agents.merge_claude_code),
    Dialect("Codex session", agents.read_codex, "model outputs", "openai/codex"),
    Dialect("Gemini CLI session", agent_chats.read_gemini_cli, "model outputs", "google-gemini/gemini-cli"),
    Dialect("VS Code chat", agent_chats.read_vscode, "model outputs", "microsoft/vscode"),
    Dialect("Cursor", cursor.read_cursor, "model outputs", "michaeldhood/chatrxiv; pppp606/cursor-efficiency"),
    Dialect("Copilot activity", accounts.read_copilot, "model outputs", "Microsoft privacy dashboard"),
    Dialect("Gemini activity", accounts.read_gemini_activity, "model outputs", "Google Takeout, My Activity"),
    Dialect("OpenAI evals", evaluations.read_openai_eval, "model outputs", "openai/evals"),
    Dialect("OpenAI evals, run items", evaluations.read_eval_item, "model outputs",
            "openai-openapi `EvalRunOutputItem`"),
    Dialect("promptfoo", evaluations.read_promptfoo, "model outputs", "promptfoo/promptfoo"),
    Dialect("code samples", evaluations.read_code_sample, "model outputs",
            "openai/human-eval; bigcode-evaluation-harness"),
    Dialect("OpenCompass predictions", eval_results.read_opencompass, "model outputs",
            "open-compass/opencompass"),
    Dialect("EvalPlus results", eval_results.read_evalplus, "model outputs", "evalplus/evalplus"),
    Dialect("DeepEval test cases", eval_results.read_deepeval, "model outputs", "confident-ai/deepeval",
            of_model=False),
    Dialect("Ragas samples", eval_results.read_ragas, "model outputs", "vibrantlabsai/ragas",
            of_model=False),
    Dialect("lighteval details", eval_results.read_lighteval, "model outputs", "huggingface/lighteval",
            of_model=False),
    Dialect("LiveBench scores", eval_results.read_livebench, "model outputs", "LiveBench/LiveBench"),
    Dialect("AlpacaEval", sets.read_alpaca_eval, "model outputs", "tatsu-lab/alpaca_eval"),
    Dialect("HAR entry", captures.read_har_entry, "API logs", "HAR 1.2"),
    Dialect("HTTP cassette", captures.read_interaction, "API logs", "vcrpy, Ruby vcr, go-vcr"),
    Dialect("nock recording", captures.read_nock, "API logs", "nock/nock"),
    Dialect("lm-eval samples", evaluations.read_harness, "model outputs", "EleutherAI/lm-evaluation-harness"),
    Dialect("HELM scenario state", evaluations.read_helm, "model outputs", "stanford-crfm/helm"),
    Dialect("HELM, as shown on its pages", evaluations.read_helm_display, "model outputs",
            "stanford-crfm/helm `run_display.py`"),
    Dialect("Inspect sample", inspect_samples.read_sample, "model outputs", "UKGovernmentBEIS/inspect_ai"),
    Dialect("Open Assistant tree", oasst.read_tree, "model outputs", "LAION-AI/Open-Assistant"),
    Dialect("Open Assistant message", oasst.read_message, "model outputs", "LAION-AI/Open-Assistant"),
    Dialect("images of a model", media_answers.read_images, "API logs", "openai-openapi `ImagesResponse`"),
    Dialect("speech as text", media_answers.read_transcript, "API logs",
            "openai-openapi `CreateTranscriptionResponseVerboseJson`; openai/whisper"),
    Dialect("videos of a model", media_answers.read_video, "API logs", "openai-openapi `VideoResource`"),
    Dialect("events of a streamed answer, a record each", stream_lines.read_stream_lines, "API logs",
            "anthropic-sdk-python; openai-openapi; ollama/ollama; Gemini; AWS `ConverseStream`; Cohere",
            None, stream_lines.merge_events, run=stream_lines.run_of),
    Dialect("request and response", api_logs.read_pair, "API logs", "openai-openapi, anthropic-sdk-python"),
    Dialect("batch input", api_logs.read_batch_input, "API logs", "openai-openapi, anthropic-sdk-python"),
    Dialect("batch output", api_logs.read_batch_output, "API logs", "openai-openapi, anthropic-sdk-python"),
    Dialect("streamed answer", api_logs.read_chunks, "API logs", "openai-openapi",
            api_logs.chunk_key, api_logs.merge_chunks),
    Dialect("stored completion", api_logs.read_stored_message, "API logs", "openai-openapi"),
    Dialect("preference pair (DPO)", preferences.read_preference, "model outputs", "huggingface/trl"),
    Dialect("pairwise comparison", preferences.read_battle, "model outputs", "alpaca_eval, FastChat"),
    Dialect("judgment of answers", sets.read_judgment, "model outputs",
            "lm-sys/FastChat; lmarena/arena-hard-auto"),
    Dialect("ShareGPT", sets.read_sharegpt, "model outputs", "lm-sys/FastChat"),
    Dialect("MT-bench answers", sets.read_mt_bench, "model outputs", "lm-sys/FastChat"),
    Dialect("MT-bench questions", sets.read_mt_question, "model outputs", "lm-sys/FastChat"),
    Dialect("model response", api_logs.read_alone_response, "API logs", "openai-openapi, anthropic-sdk-python",
            api_logs.piece_key, api_logs.merge_pieces),
    Dialect("model request", api_logs.read_alone_request, "API logs", "openai-openapi, anthropic-sdk-python"),
    Dialect("JSON access log", access_json.read_access_json, "API logs",
            "nginx, Envoy, Caddy, Traefik, AWS, Cloudflare Logpush, Google Cloud"),
    Dialect("TGI log", engine_lines.read_tgi, "API logs", "huggingface/text-generation-inference"),
    Dialect("llama.cpp log", engine_lines.read_llama, "API logs", "ggml-org/llama.cpp"),
    Dialect("conversation", sets.read_conversation, "model outputs", "Hugging Face chat format"),
    Dialect("conversation, Gemini's form", sets.read_contents, "model outputs", "Vertex AI tuning data"),
    Dialect("prompt and completion", preferences.read_completion, "model outputs", "huggingface/trl"),
    Dialect("seed tasks", sets.read_seed_task, "model outputs", "tatsu-lab/stanford_alpaca"),
    Dialect("several answers", preferences.read_answers, "model outputs", "OpenBMB/UltraFeedback"),
    Dialect("UltraChat", sets.read_ultrachat, "model outputs", "thunlp/UltraChat"),
    Dialect("reasoning traces", distilled.read_traced, "model outputs", "simplescaling/s1; open-thoughts"),
    Dialect("Alpaca", sets.read_alpaca, "model outputs", "tatsu-lab/stanford_alpaca"),
    Dialect("Slack message", slack.read_slack_message, "correspondence", "api.slack.com/events/message"),
    Dialect("Slack person", slack.read_slack_user, "correspondence", "api.slack.com/types/user"),
    Dialect("Slack channel", slack.read_slack_room, "correspondence", "api.slack.com/types/conversation"),
    Dialect("Slack integration", slack.read_slack_integration, "correspondence", "Slack Help Center"),
    Dialect("Microsoft Teams", teams.read_teams, "correspondence", "Microsoft Graph chatMessage"),
    Dialect("Skype", teams.read_skype, "correspondence", "Skype export 2018"),
    Dialect("TikTok", short_chats.read_tiktok, "correspondence", "support.tiktok.com"),
    Dialect("Snapchat", short_chats.read_snapchat, "correspondence", "help.snapchat.com"),
    Dialect("X direct messages", x_archive.read_x_message, "correspondence", "help.x.com"),
    Dialect("Telegram", telegram.read_telegram, "correspondence", "core.telegram.org/import-export"),
    Dialect("Discord", discord.read_discord, "correspondence", "Tyrrrz/DiscordChatExporter"),
    Dialect("Discord as CSV", discord.read_discord_row, "correspondence", "Tyrrrz/DiscordChatExporter"),
    Dialect("Discord data package", discord.read_discord_package, "correspondence", "support.discord.com"),
    Dialect("Facebook, Instagram", meta.read_meta, "correspondence", "Meta, Download your information"),
    Dialect("Google Chat", google_chat.read_google_chat, "correspondence", "Google Takeout"),
    Dialect("Google Hangouts", hangouts.read_hangouts, "correspondence", "Google Takeout"),
    Dialect("KakaoTalk as CSV", kakao.read_kakao_row, "correspondence", "no specification"),
    Dialect("Mattermost", team_rooms.read_mattermost, "correspondence", "Mattermost bulk export"),
    Dialect("Mattermost as CSV", team_rooms.read_mattermost_row, "correspondence", "mattermost/mattermost"),
    Dialect("Rocket.Chat", team_rooms.read_rocket_chat, "correspondence", "Rocket.Chat `IMessage`"),
    Dialect("Matrix", team_rooms.read_matrix, "correspondence", "Matrix specification; Element"),
    Dialect("Zulip", work_chats.read_zulip, "correspondence", "zulip.com/api; zulip/zulip"),
    Dialect("Webex", work_chats.read_webex, "correspondence", "developer.webex.com"),
    Dialect("Feishu, Lark", work_chats.read_feishu, "correspondence", "open.feishu.cn"),
    Dialect("LinkedIn messages", message_tables.read_linkedin_row, "correspondence", "no specification"),
    Dialect("iPhone chats by iMazing", message_tables.read_imazing_row, "correspondence", "no specification"),
    Dialect("Outlook mail as CSV", message_tables.read_outlook_row, "correspondence", "no specification"),
    Dialect("GitHub issues", issues.read_github, "correspondence", "docs.github.com; cli/cli"),
    Dialect("Jira tasks", issues.read_jira_row, "correspondence", "support.atlassian.com"),
    Dialect("Linear tasks", issues.read_linear_row, "correspondence", "linear.app/docs"),
    Dialect("RSMF", rsmf.read_rsmf, "correspondence", "Relativity short message format 1.0, 2.0"),
    Dialect("signal-cli", signal.read_signal_envelope, "correspondence", "AsamK/signal-cli"),
    Dialect("Signal Desktop", signal.read_signal_row, "correspondence", "signalapp/Signal-Desktop"),
    Dialect("Signal Desktop export", signal.read_signal_item, "correspondence", "signalapp/Signal-Desktop"),
    Dialect("Signal Desktop people, chats", signal.read_signal_frame, "correspondence", "Signal Backup.proto"),
    Dialect("signal-export", signal.read_signal_export, "correspondence", "carderne/signal-export"),
    Dialect("WeChat (third-party)", wechat.read_wechat, "correspondence", "WeChatMsg, PyWxDump, chatlog"),
    Dialect("text in a chat template", distilled.read_templated, "model outputs",
            "ChatML; Llama 2, 3; Gemma; Zephyr; Alpaca"),
    Dialect("wrapped log entry", _read_wrapped, "API logs", "CloudWatch Logs, Cloud Logging, Elastic"),
)  # fmt: skip
"""In the order in which they are tried: the first that fits wins."""


def recognise(untrusted_record: Any) -> str:
    """The name of the dialect that a parsed record is written in, or empty."""
    if type(untrusted_record) is not dict or not untrusted_record:
        return ""
    nothing = Context()
    for dialect in DIALECTS:
        if _fits(dialect, untrusted_record, Draft(b"", nothing)) is not False:
            return dialect.name
    return ""


def _fits(dialect: Dialect, untrusted_record: Any, draft: Draft) -> bool | None:
    """Whether a record is written in a dialect; None if it is, but with values that cannot be read.

    One record that its dialect does not foresee must not take the rest of its file with it.
    """
    try:
        return dialect.read(untrusted_record, draft)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - a reader's bug costs one record, and never the others
        return None


def _unread(dialect: Dialect, raw: bytes, context: Context) -> Draft:
    """A record that its dialect cannot read: kept with its own text, and told."""
    draft = Draft(raw, context)
    draft.kind, draft.collection = "record", _COLLECTIONS[dialect.evidence]
    draft.title = f"Unreadable record ({dialect.name})"
    text = (
        f"The record has the look of “{dialect.name}”, but a value in it is not of the type that belongs "
        "there; its text is kept as it stands."
    )
    draft.problems = (Problem("parse", "unread-record", text),)
    return draft


_COLLECTIONS: Mapping[Evidence, Collection] = {
    "API logs": "api-log",
    "model outputs": "outputs",
    "correspondence": "correspondence",
}


class Reading:
    """How one file's records are read: by the user's mapping, by their dialect, or by a guess.

    Attributes:
        problems: What is to be said once for the file, such as a guess that was made.
        dialect: That of the last record, if it has one.
    """

    dialect: Dialect | None = None

    def __init__(self, context: Context) -> None:
        self.context = context
        self.problems: list[Problem] = []
        self._by_shape: dict[tuple[str, ...], Dialect] = {}
        self._told: set[str] = set()
        self._guesses: dict[tuple[str, ...], mapped.Mapping] = {}
        self._memory: dict[Any, Any] = {}
        self._mapping = mapped.mapping_from(context.mapping) if context.mapping else None
        self._templates = [
            (name, frozenset(columns), found)
            for name, columns, text in context.templates
            if (found := mapped.mapping_from(text)) is not None
        ]
        if context.mapping and self._mapping is None:
            text = "The field mapping names no prompt or output, or a field that does not exist."
            self.problems.append(Problem("parse", "bad-mapping", text))

    def draft(
        self, untrusted_record: Any, raw: bytes, around: Mapping[str, Any] | None = None
    ) -> Draft | None:
        """What the record says, or None if nobody knows how it is written.

        Args:
            untrusted_record: As parsed.
            raw: Its bytes.
            around: What stands around it in a document that holds many records (see `nests`).
        """
        self.dialect = None
        if type(untrusted_record) is not dict:
            return generations.read_generations(untrusted_record, raw, self.context)
        if self._mapping is not None:
            return self._mapped(self._mapping, untrusted_record, raw)
        shape = tuple(untrusted_record)
        if self._templates and shape not in self._by_shape:
            made = self._by_template(untrusted_record, raw)
            if made is not None:
                return made
        draft = Draft(raw, self.context, self._memory)
        if around:
            draft.around = around
        last = self._by_shape.get(shape)
        for dialect in DIALECTS if last is None else (last, *DIALECTS):
            fits = _fits(dialect, untrusted_record, draft)
            if fits is None:
                return _unread(dialect, raw, self.context)
            if fits:
                self.dialect = dialect
                if dialect is not last and len(self._by_shape) < _KNOWN_SHAPES:
                    self._by_shape[shape] = dialect
                return draft
        return self._guessed(untrusted_record, raw, shape)

    def together(
        self, dialect: Dialect, records: list[Record], raw: bytes, around: Mapping[str, Any] | None
    ) -> Draft | None:
        """What the parts of one exchange say together; `raw` is the first one's bytes."""
        draft = Draft(raw, self.context, self._memory)
        if around:
            draft.around = around
        merged = dialect.merge(records) if dialect.merge and len(records) > 1 else records[0]
        fits = _fits(dialect, merged, draft)
        return _unread(dialect, raw, self.context) if fits is None else draft if fits else None

    def _mapped(self, mapping: mapped.Mapping, record: Record, raw: bytes) -> Draft | None:
        if not mapped.fits(mapping, record):
            return None
        draft = Draft(raw, self.context)
        mapped.read_mapped(mapping, record, draft)
        return draft

    def _by_template(self, record: Record, raw: bytes) -> Draft | None:
        """What a saved mapping makes of the record, if it was made for records with the same columns."""
        for name, columns, mapping in self._templates:
            if columns == record.keys():
                draft = self._mapped(mapping, record, raw)
                if draft is not None and name not in self._told:
                    self._told.add(name)
                    text = f"Fields were told by the saved mapping “{name}”."
                    self.problems.append(Problem("parse", "mapped-by-template", text))
                return draft
        return None

    def _guessed(self, record: Record, raw: bytes, shape: tuple[str, ...]) -> Draft | None:
        mapping = self._guesses.get(shape) or mapped.guess(record)
        if mapping is None:
            return None
        if shape not in self._guesses and len(self._guesses) < _KNOWN_SHAPES:
            pairs = ", ".join(f"{path[0]} → {target}" for target, path in mapping.paths)
            if mapping not in self._guesses.values():
                text = f"Fields were told by the names of their columns: {pairs}."
                self.problems.append(Problem("parse", "guessed-mapping", text))
            self._guesses[shape] = mapping
        return self._mapped(mapping, record, raw)
