using System.Runtime.InteropServices;

namespace FlexEdit.Platform.Engines;

/// <summary>Tells a lack of memory from other failures: libtorch reports its own as a general native error with a sentence.</summary>
public static class MemoryFailure
{
    private static readonly string[] Sentences = ["out of memory", "can't allocate memory", "not enough memory"];

    /// <summary>Whether <paramref name="problem"/> says that memory ran out.</summary>
    public static bool Is(Exception problem) =>
        problem is OutOfMemoryException
        || (problem is ExternalException && Sentences.Any(s => problem.Message.Contains(s, StringComparison.OrdinalIgnoreCase)));
}
