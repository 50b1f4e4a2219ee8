using System.Buffers;
using System.Security.Cryptography;

namespace FlexEdit.Platform.Problems;

/// <summary>Ids that tie an answer to the server's log lines.</summary>
internal static class RequestIds
{
    public const string Header = "X-Request-Id";
    private const int Longest = 64;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    /// <summary>The caller's id where it is harmless in a log, else a new one.</summary>
    public static string From(string? given) =>
        given is { Length: > 0 and <= Longest } && given.AsSpan().IndexOfAnyExcept(Allowed) < 0
            ? given
            : $"req_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12))}";
}
