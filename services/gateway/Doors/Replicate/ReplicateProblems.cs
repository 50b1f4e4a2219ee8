using System.Text.Json.Serialization;
using FlexEdit.Contracts.Errors;
using FlexEdit.Platform.Problems;

namespace FlexEdit.Gateway.Doors.Replicate;

/// <summary>Errors as Replicate's clients read them: RFC 7807 with <c>title</c>, <c>detail</c>, <c>status</c>, and with <c>invalid_fields</c> where inputs are at fault.</summary>
internal sealed class ReplicateProblems : IProblemShape
{
    public ShapedProblem Shape(Problem problem)
    {
        var known = problem.Param is null || problem.Code == ErrorCodes.UnknownField ? problem.Param : ReplicateFields.NameOf(problem.Param);
        var detail = DoorProblems.DetailOf(problem, known);
        var invalid = known is not null && problem.Status is 400 or 413 or 415 or 422 ? new InvalidField(problem.Code, known!, detail) : null;
        return new ShapedProblem(problem.Status, new ReplicateError
        {
            Title = TitleOf(problem, invalid),
            Detail = invalid is null ? detail : $"- {known}: {detail}\n",
            Status = problem.Status,
            InvalidFields = invalid is null ? null : [invalid],
            Code = problem.Code,
        })
        {
            ContentType = ProblemWriter.ContentType,
        };
    }

    private static string TitleOf(Problem problem, InvalidField? invalid) => problem.Status switch
    {
        401 => "Unauthenticated",
        422 when problem.Code == ErrorCodes.UnknownModel => "Invalid version or not permitted",
        _ => invalid is null ? ProblemTitles.Of(problem.Code) : "Input validation failed",
    };
}

/// <summary>An error as Replicate's clients read it.</summary>
internal sealed record ReplicateError
{
    /// <summary>What kind of error it is, for a person.</summary>
    public required string Title { get; init; }
    /// <summary>What is wrong and what to do about it, for a person; of fields one line each.</summary>
    public required string Detail { get; init; }
    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }
    /// <summary>The fields at fault; absent where none is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<InvalidField>? InvalidFields { get; init; }
    /// <summary>Stable and machine-readable; this API's own.</summary>
    public required string Code { get; init; }
}

/// <summary>A field at fault.</summary>
/// <param name="Type">What is wrong: the error's code.</param>
/// <param name="Field">Its name, for instance <c>input.prompt</c>.</param>
/// <param name="Description">What is wrong, for a person.</param>
internal sealed record InvalidField(string Type, string Field, string Description);
