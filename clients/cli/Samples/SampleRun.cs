using System.Security.Cryptography;
using FlexEdit.Cli.Api;
using FlexEdit.Cli.Showing;
using FlexEdit.Contracts.Edits;
using FlexEdit.Imaging;
using FlexEdit.Imaging.Decoding;
using FlexEdit.Masks;
using Spectre.Console;

namespace FlexEdit.Cli.Samples;

/// <summary>Runs a sample through the public API, as any client would, and checks what comes back.</summary>
/// <param name="client">The server.</param>
/// <param name="terminal">Where it is shown.</param>
/// <param name="sampleFolder">Where the sample's pictures are.</param>
/// <param name="outputFolder">Where the pictures to look at go.</param>
public sealed class SampleRun(FlexEditClient client, Terminal terminal, string sampleFolder, string outputFolder)
{
    /// <summary>Submits, follows, downloads, checks and draws.</summary>
    /// <returns>Whether the edit succeeded and its proof holds.</returns>
    public async Task<bool> RunAsync(Sample sample, CancellationToken cancellationToken)
    {
        var submitted = await client.SubmitAsync(Request(sample), cancellationToken);
        terminal.Out.WriteLine($"  {submitted.Id}");
        var display = new EditDisplay(terminal, new EditFeed(client, TimeProvider.System));
        var job = await display.FollowAsync(submitted.Id, cancellationToken);
        if (job.Status != EditStatus.Succeeded)
            return false;

        var holds = true;
        foreach (var output in job.Outputs)
            holds &= await CheckAsync(sample, job, output, cancellationToken);
        return holds;
    }

    private NewEdit Request(Sample sample) => new()
    {
        ScenePath = Path.Combine(sampleFolder, sample.Scene),
        MaskPath = sample.Mask is { } mask ? Path.Combine(sampleFolder, mask) : null,
        Shapes = sample.MaskShapes?.GetRawText(),
        SubjectPath = sample.Subject is { } subject ? Path.Combine(sampleFolder, subject) : null,
        Instruction = sample.Instruction,
        Seed = sample.Seed,
    };

    private async Task<bool> CheckAsync(Sample sample, EditJob job, JobOutput output, CancellationToken cancellationToken)
    {
        var file = await client.DownloadAsync(output.Url, cancellationToken);
        var scene = PictureDecoder.Decode(await client.DownloadSceneAsync(job.Id, cancellationToken)).Pixels;
        var maskFile = PictureDecoder.Decode(await client.DownloadMaskAsync(job.Id, cancellationToken)).Pixels;
        var result = PictureDecoder.Decode(file).Pixels;

        var name = job.Outputs.Count == 1 ? sample.Name : $"{sample.Name}-{output.Index}";
        var path = Path.Combine(outputFolder, $"{name}.png");
        // Red is as good as any channel: the mask is black and white.
        var mask = Mask.FromSamples([.. maskFile.Pixels.Where((_, i) => i % 4 == 0)], maskFile.Width, maskFile.Height);
        await File.WriteAllBytesAsync(path, PictureEncoder.Png(Triptych.Draw(scene, mask, result)), cancellationToken);
        terminal.Out.WriteLine($"  scene | mask | result: {path}");

        var complaints = new List<string>();
        if (Convert.ToHexStringLower(SHA256.HashData(file)) != output.Sha256)
            complaints.Add("The result's bytes have another digest than the job says.");
        if (output.Preservation is not { } claim)
            return Say([.. complaints, "The job carries no proof of preservation."]);
        var check = PreservationCheck.Compare(scene, result, claim);
        if (check.Complaints.Count + complaints.Count > 0)
            return Say([.. complaints, .. check.Complaints]);
        terminal.Out.WriteLine(Wording.Invariant(
            $"  checked: {check.ChangedPixels} pixels changed inside {check.Region.Width}x{check.Region.Height} at ({check.Region.X}, {check.Region.Y}); every other one is the scene's"));
        return true;
    }

    private bool Say(IEnumerable<string> complaints)
    {
        foreach (var complaint in complaints)
            terminal.Error.WriteLine($"  not as promised: {complaint}");
        return false;
    }
}
