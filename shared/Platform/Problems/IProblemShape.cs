using Microsoft.AspNetCore.Http;

namespace FlexEdit.Platform.Problems;

/// <summary>
/// How the errors of some routes look where it is not RFC 9457: set on <see cref="HttpContext.Features"/> before anything can fail, it shapes also what
/// routing, the web server and the check of keys refuse.
/// </summary>
public interface IProblemShape
{
    /// <summary>The answer to a request that ends with a problem.</summary>
    ShapedProblem Shape(Problem problem);
}

/// <summary>An error in the shape of its route.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">Written as JSON of <see cref="Contracts.ContractJson"/>.</param>
public sealed record ShapedProblem(int Status, object Body)
{
    /// <summary>Media type of the body.</summary>
    public string ContentType { get; init; } = "application/json; charset=utf-8";
    /// <summary>Headers beside the usual ones.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();
}
