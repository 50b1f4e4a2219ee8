using FlexEdit.Cli.Api;
using FlexEdit.Contracts.Edits;
using FlexEdit.Evaluation.Cases;
using FlexEdit.Evaluation.Running;
using FlexEdit.Imaging.Decoding;
using FlexEdit.Masks;

namespace FlexEdit.Cli.Benchmarks;

/// <summary>A model behind the public API (<c>--via api</c>), used as any client does.</summary>
/// <param name="client">The server.</param>
/// <param name="model">The model's id.</param>
public sealed class ApiEditor(FlexEditClient client, string model) : IPictureEditor
{
    /// <inheritdoc/>
    public string Name => model;

    /// <inheritdoc/>
    public bool Trivial => false;

    /// <inheritdoc/>
    public async Task<EditOutcome> EditAsync(EvaluationCase read, CasePictures pictures, Mask mask, CancellationToken cancellationToken)
    {
        using var files = new CaseFiles(pictures, mask);
        try
        {
            var submitted = await client.SubmitAsync(
                new NewEdit
                {
                    ScenePath = files.Scene,
                    MaskPath = files.Mask,
                    MaskPolarity = "white_edits",
                    SubjectPath = files.Subject,
                    Instruction = read.Instruction,
                    Model = model,
                    Seed = read.Seed,
                    OutputFormat = "png",
                },
                cancellationToken);
            var job = await new EditFeed(client, TimeProvider.System).FollowAsync(submitted.Id, static _ => { }, cancellationToken);
            if (job.Status != EditStatus.Succeeded || job.Outputs is not [var output, ..])
                throw new EditFailedException($"{job.Status}: {job.Error?.Code} {job.Error?.Detail}");
            var picture = PictureDecoder.Decode(await client.DownloadAsync(output.Url, cancellationToken)).Pixels.Over(255, 255, 255);
            return new EditOutcome(picture, await ReadingAsync(job, cancellationToken));
        }
        catch (ApiException problem)
        {
            throw new EditFailedException(problem.Message, problem);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private async Task<EditReading?> ReadingAsync(EditJob job, CancellationToken cancellationToken)
    {
        if (job.Understanding is not { } understanding)
            return null;
        Mask? full = null;
        if (understanding.FullMask is { } url)
        {
            var gray = PictureDecoder.Decode(await client.DownloadAsync(url, cancellationToken)).Pixels;
            full = Mask.FromSamples([.. gray.Pixels.Where((_, i) => i % 4 == 0)], gray.Width, gray.Height);
        }
        return new EditReading { Label = understanding.Label, Confidence = understanding.Confidence, Ambiguous = understanding.Ambiguous, FullMask = full };
    }
}
