using System.Diagnostics;
using System.Text.Json;
using FlexEdit.Tests.EndToEnd.Hosting;
using FlexEdit.Tests.Unit.Storage;

namespace FlexEdit.Tests.EndToEnd.Webhooks;

/// <summary>The standard's reference library for JavaScript, run by Node.js (see <c>tests/EndToEnd/install</c>).</summary>
internal static class ReferenceVerifier
{
    /// <summary>What the library says of each call: <c>good</c>, or why not.</summary>
    public static Task<string[]> VerifyAsync(string secret, IEnumerable<ReceivedCall> calls, CancellationToken cancellationToken) =>
        RunAsync(calls.Select(call => JsonSerializer.Serialize(new { secret, headers = call.Headers, body = call.Text })), cancellationToken);

    /// <summary>What Node.js itself says of their Ed25519 signatures by a JSON Web Key: <c>good</c>, or why not.</summary>
    public static Task<string[]> VerifyAsync(JsonElement key, IEnumerable<ReceivedCall> calls, CancellationToken cancellationToken) =>
        RunAsync(calls.Select(call => JsonSerializer.Serialize(new { key, headers = call.Headers, body = call.Text })), cancellationToken);

    private static async Task<string[]> RunAsync(IEnumerable<string> given, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(Checkout.Root, "tests", "EndToEnd", "Webhooks");
        using var node = Process.Start(new ProcessStartInfo("node")
        {
            ArgumentList = { Path.Combine(folder, "verify.mjs") },
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        }) ?? throw new InvalidOperationException("Node.js could not be started.");
        foreach (var line in given)
            await node.StandardInput.WriteLineAsync(line.AsMemory(), cancellationToken);
        node.StandardInput.Close();
        var errors = node.StandardError.ReadToEndAsync(cancellationToken);
        var lines = (await node.StandardOutput.ReadToEndAsync(cancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await node.WaitForExitAsync(cancellationToken);
        return node.ExitCode == 0 ? lines : throw new InvalidOperationException($"Node.js ended with {node.ExitCode}: {await errors}");
    }
}
