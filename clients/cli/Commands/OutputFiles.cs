using System.CommandLine;
using FlexEdit.Cli.Api;
using FlexEdit.Cli.Showing;
using Spectre.Console;

namespace FlexEdit.Cli.Commands;

/// <summary><c>-o FILE</c>: where results are saved. Several become <c>FILE-0.png</c>, <c>FILE-1.png</c>, ….</summary>
public static class OutputFiles
{
    /// <summary>The option.</summary>
    public static Option<string?> CreateOption() => new("--output", "-o")
    {
        Description = "Save the result here; several results get -0, -1 … before the extension",
        HelpName = "FILE",
    };

    /// <summary>Saves every result of an edit and says where.</summary>
    /// <exception cref="IOException">A file cannot be written, or the edit has no results.</exception>
    public static async Task SaveAsync(FlexEditClient client, EditJob job, string path, Terminal terminal, CancellationToken cancellationToken)
    {
        if (job.Outputs.Count == 0)
            throw new IOException($"The edit is {job.Status} and has no results to save.");
        foreach (var output in job.Outputs)
        {
            var file = job.Outputs.Count == 1 ? path : Numbered(path, output.Index);
            if (Path.GetDirectoryName(file) is { Length: > 0 } folder)
                Directory.CreateDirectory(folder);
            await File.WriteAllBytesAsync(file, await client.DownloadAsync(output.Url, cancellationToken), cancellationToken);
            terminal.Out.WriteLine(file);
        }
    }

    /// <summary><c>a/b.png</c> with index 1 becomes <c>a/b-1.png</c>.</summary>
    public static string Numbered(string path, int index) =>
        Path.Combine(Path.GetDirectoryName(path) ?? "", $"{Path.GetFileNameWithoutExtension(path)}-{index}{Path.GetExtension(path)}");
}
