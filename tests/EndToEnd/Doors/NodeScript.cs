using System.Diagnostics;
using System.Text.Json;

namespace FlexEdit.Tests.EndToEnd.Doors;

/// <summary>A script of this folder, run by Node.js with the packages that <c>tests/EndToEnd/install</c> put there.</summary>
internal static class NodeScript
{
    // The clients' own limits are tens of minutes.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(3);

    /// <summary>Runs it to its end and returns the JSON that it writes.</summary>
    /// <param name="root">The repository.</param>
    /// <param name="script">Its file.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <exception cref="InvalidOperationException">It ended with an error, which is in the message.</exception>
    public static async Task<JsonElement> RunAsync(string root, string script, CancellationToken cancellationToken, params string[] arguments)
    {
        var folder = Path.Combine(root, "tests", "EndToEnd", "Doors");
        return JsonDocument.Parse(await RunAsync(folder, [Path.Combine(folder, script), .. arguments], cancellationToken)).RootElement;
    }

    /// <summary>Runs a text as a script in a folder, with the same packages.</summary>
    /// <exception cref="InvalidOperationException">It ended with an error, which is in the message.</exception>
    public static async Task RunTextAsync(string root, string text, string folder, CancellationToken cancellationToken)
    {
        // Where it lies decides which packages it finds.
        var script = Path.Combine(root, "tests", "EndToEnd", "Doors", "node_modules", $".{Path.GetRandomFileName()}.mjs");
        await File.WriteAllTextAsync(script, text, cancellationToken);
        try
        {
            await RunAsync(folder, [script], cancellationToken);
        }
        finally
        {
            File.Delete(script);
        }
    }

    private static async Task<string> RunAsync(string folder, string[] arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("node", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var node = Process.Start(start) ?? throw new InvalidOperationException("Node.js could not be started.");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Longest);
        try
        {
            var said = await Task.WhenAll(node.StandardOutput.ReadToEndAsync(limit.Token), node.StandardError.ReadToEndAsync(limit.Token));
            await node.WaitForExitAsync(limit.Token);
            return node.ExitCode == 0 ? said[0] : throw new InvalidOperationException($"Node.js ended with {node.ExitCode}: {said[1]}");
        }
        catch (OperationCanceledException)
        {
            node.Kill(entireProcessTree: true);
            throw;
        }
    }
}
