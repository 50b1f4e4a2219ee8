using FlexEdit.Contracts.Errors;
using FlexEdit.Platform.Problems;

namespace FlexEdit.Gateway.Doors.OpenAi;

/// <summary>Errors as OpenAI's clients read them: <c>{"error": {message, type, param, code}}</c>, the status deciding which exception is thrown.</summary>
internal sealed class OpenAiProblems : IProblemShape
{
    /// <summary>OpenAI's own code where its clients' users look for it; every other code is this API's.</summary>
    private static readonly Dictionary<string, string> s_codes = new(StringComparer.Ordinal)
    {
        [ErrorCodes.Unauthorized] = "invalid_api_key",
        [ErrorCodes.KeyMalformed] = "invalid_api_key",
        [ErrorCodes.KeyUnknown] = "invalid_api_key",
        [ErrorCodes.UnknownModel] = "model_not_found",
        [ErrorCodes.TooManyRequests] = "rate_limit_exceeded",
        [ErrorCodes.TooManyEdits] = "rate_limit_exceeded",
        [ErrorCodes.InputRejected] = "moderation_blocked",
        [ErrorCodes.OutputRejected] = "moderation_blocked",
    };

    public ShapedProblem Shape(Problem problem) => new(StatusOf(problem), new OpenAiErrorBody(BodyOf(problem)))
    {
        // The clients repeat 409 and everything from 500 on unless they are told otherwise.
        Headers = new Dictionary<string, string>
        {
            ["x-should-retry"] = problem.Status is 408 or 429 or 503 || problem.Code is ErrorCodes.Internal or ErrorCodes.IdempotencyKeyInUse ? "true" : "false",
        },
    };

    /// <summary>What an error says, in the client's names of the fields.</summary>
    public static OpenAiError BodyOf(Problem problem)
    {
        var known = problem.Param is null || problem.Code == ErrorCodes.UnknownField ? problem.Param : OpenAiFields.NameOf(problem.Param);
        return new OpenAiError(
            DoorProblems.DetailOf(problem, known),
            problem.Status switch { 429 => "requests", >= 500 => "server_error", _ => "invalid_request_error" },
            known,
            s_codes.GetValueOrDefault(problem.Code, problem.Code));
    }

    // OpenAI says 400 for whatever is wrong with a request, and 404 for a model that is not there.
    private static int StatusOf(Problem problem) =>
        problem.Code == ErrorCodes.UnknownModel ? StatusCodes.Status404NotFound
        : problem.Status is 415 or 422 ? StatusCodes.Status400BadRequest
        : problem.Status;
}

/// <summary>The answer to a request that failed, as OpenAI's clients read it.</summary>
/// <param name="Error">What is wrong.</param>
internal sealed record OpenAiErrorBody(OpenAiError Error);

/// <summary>What is wrong with a request.</summary>
/// <param name="Message">What is wrong and what to do about it, for a person.</param>
/// <param name="Type"><c>invalid_request_error</c>, <c>requests</c> (a limit) or <c>server_error</c>.</param>
/// <param name="Param">The field at fault; null where none is.</param>
/// <param name="Code">Stable: <c>invalid_api_key</c>, <c>model_not_found</c>, <c>rate_limit_exceeded</c>, <c>moderation_blocked</c>, or this API's own code.</param>
internal sealed record OpenAiError(string Message, string Type, string? Param, string Code);
