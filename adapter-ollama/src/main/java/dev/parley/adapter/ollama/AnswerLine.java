package dev.parley.adapter.ollama;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.parley.domain.error.LlmException;
import dev.parley.domain.error.LlmException.Kind;
import dev.parley.domain.llm.Completion;
import java.io.IOException;
import java.util.Optional;

/** What one line of an answer says. */
record AnswerLine(String content, String thinking, boolean done, Optional<String> error, Completion completion) {

    private static final Completion STOPPED =
            new Completion(Completion.Reason.STOP, Optional.empty(), Optional.empty());

    /** What a line of white space says. */
    private static final AnswerLine NOTHING = new AnswerLine("", "", false, Optional.empty(), STOPPED);

    /** @throws LlmException when it is no JSON object */
    static AnswerLine parse(Lines.Next.Line line) {
        try (JsonParser json = Json.FACTORY.createParser(line.bytes(), line.from(), line.to() - line.from())) {
            return new Reading().read(json);
        } catch (JsonProcessingException e) {
            throw new LlmException(
                    Kind.FAILED, "Expected a line of JSON, found what cannot be read: " + e.getClass().getSimpleName());
        } catch (IOException e) {
            throw new LlmException(Kind.FAILED, "Expected a line of JSON, found what cannot be read", e);
        }
    }

    /** The error that {@code line} tells, if it tells one at all. */
    static Optional<String> errorIn(Lines.Next.Line line) {
        try {
            return parse(line).error();
        } catch (LlmException e) {
            return Optional.empty();
        }
    }

    private static final class Reading {

        private String content = "";
        private String thinking = "";
        private boolean done;
        private Optional<String> error = Optional.empty();
        private Completion.Reason reason = Completion.Reason.STOP;
        private Optional<Integer> promptTokens = Optional.empty();
        private Optional<Integer> completionTokens = Optional.empty();

        AnswerLine read(JsonParser json) throws IOException {
            JsonToken first = json.nextToken();
            if (first == null) {
                return NOTHING;
            }
            if (first != JsonToken.START_OBJECT) {
                throw new LlmException(Kind.FAILED, "Expected a JSON object, found something else");
            }
            for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
                JsonToken value = json.nextToken();
                switch (field) {
                    case "message" -> message(json, value);
                    case "done" -> done = value == JsonToken.VALUE_TRUE;
                    case "done_reason" -> reason =
                            "length".equals(json.getText()) ? Completion.Reason.LENGTH : Completion.Reason.STOP;
                    case "prompt_eval_count" -> promptTokens = count(json, value);
                    case "eval_count" -> completionTokens = count(json, value);
                    case "error" -> error = Optional.of(errorText(json, value));
                    default -> json.skipChildren();
                }
            }
            Completion completion = done ? new Completion(reason, promptTokens, completionTokens) : STOPPED;
            return new AnswerLine(content, thinking, done, error, completion);
        }

        private void message(JsonParser json, JsonToken value) throws IOException {
            if (value != JsonToken.START_OBJECT) {
                json.skipChildren();
                return;
            }
            for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
                JsonToken inner = json.nextToken();
                if (inner == JsonToken.VALUE_STRING && field.equals("content")) {
                    content = json.getText();
                } else if (inner == JsonToken.VALUE_STRING && field.equals("thinking")) {
                    thinking = json.getText();
                } else {
                    json.skipChildren();
                }
            }
        }

        private static Optional<Integer> count(JsonParser json, JsonToken value) throws IOException {
            if (value == JsonToken.VALUE_NUMBER_INT) {
                return Optional.of((int) Math.max(0, Math.min(Integer.MAX_VALUE, json.getLongValue())));
            }
            json.skipChildren();
            return Optional.empty();
        }

        private static String errorText(JsonParser json, JsonToken value) throws IOException {
            if (value == JsonToken.VALUE_STRING) {
                return json.getText();
            }
            json.skipChildren();
            return "(without a text)";
        }
    }
}
