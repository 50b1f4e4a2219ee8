namespace FlexEdit.Platform.Problems;

/// <summary>404 for something that a path names and there is not, or not for this tenant.</summary>
public static class NoSuch
{
    private const int Longest = 64;

    /// <summary>The problem to throw: "There is no edit 'edt_…'."</summary>
    /// <param name="what">What it would be, for instance <c>edit</c>.</param>
    /// <param name="id">As it was sent; a long one is cut short.</param>
    public static ProblemException Named(string what, string id) =>
        new(Problem.NotFound($"There is no {what} '{(id.Length <= Longest ? id : id[..Longest] + "…")}'."));
}
