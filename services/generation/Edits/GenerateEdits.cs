using FlexEdit.Contracts.Edits;
using FlexEdit.Contracts.Ledger;
using FlexEdit.Contracts.Models;
using FlexEdit.Generation.Engine;
using FlexEdit.Generation.Hosting;
using FlexEdit.Imaging.Pixels;
using FlexEdit.Models.Editing;
using FlexEdit.Platform.Attempts;
using FlexEdit.Platform.Engines;
using FlexEdit.Platform.Models;
using FlexEdit.Platform.Objects;
using FlexEdit.Screening;
using MassTransit;
using Microsoft.Extensions.Options;

namespace FlexEdit.Generation.Edits;

/// <summary>The work of the stage: (1) fetch and cut, (2) paint the wanted pictures, (3) put each into the scene and store it, (4) answer.</summary>
internal sealed class GenerateEdits(
    FetchEdit fetch, StoreOutput store, ContentScreen screen, IObjectStore objects, IBus bus, ModelEngines<GenerationEngine> engines, ModelCatalog models,
    IOptions<GenerationOptions> options, ILogger<GenerateEdits> logger)
{
    /// <summary>Returns when the model is loaded, or at once where there is no such model.</summary>
    public Task WaitForModelAsync(string model, CancellationToken cancellationToken) =>
        engines.Find(model)?.Ready.WaitAsync(cancellationToken) ?? Task.CompletedTask;

    /// <summary>Paints one edit.</summary>
    public async Task<FinishAttempt> RunAsync(RunningAttempt attempt)
    {
        var grant = attempt.Grant;
        var engine = engines.Find(grant.Model) ?? throw new AttemptException(AttemptErrors.NoModel(grant.Model));

        // 1.
        var card = models.CardOf(grant.Model);
        var scene = await fetch.FetchAsync(grant, card.CropFactor, engine.Resolution, attempt.Stopping);

        // 2. and 3.
        var outputs = await PaintAsync(attempt, engine, scene);

        // 4.
        var finished = new GenerationFinished { Attempt = grant.Attempt, Outputs = outputs, Model = ModelRun.Of(card), ModelMs = attempt.ModelMs };
        return (ledger, token) => ledger.FinishGenerationAsync(finished, token);
    }

    private async Task<EditOutput[]> PaintAsync(RunningAttempt attempt, GenerationEngine engine, EditScene scene)
    {
        using var together = CancellationTokenSource.CreateLinkedTokenSource(attempt.Stopping);
        // One result at a time holds a second picture of the scene's size.
        using var storing = new SemaphoreSlim(1);
        await using var reports = new ProgressReports(
            attempt, objects, bus,
            () => new PreviewCanvas(scene.Pictures.Scene, scene.Pictures.Crop, engine.Resolution, options.Value.PreviewSide),
            // What the model paints is all that is new in a preview.
            (picture, token) => screen.MayShowAsync(attempt.Grant.Attempt.EditId, () => new RgbImage(engine.Resolution, engine.Resolution, picture).ToRgba(), token),
            logger);
        return await Task.WhenAll(Enumerable.Range(0, attempt.Grant.Options.N).Select(PaintOneAsync));

        async Task<EditOutput> PaintOneAsync(int index)
        {
            try
            {
                var request = RequestFor(attempt.Grant.Options, scene, index);
                var crop = await engine.PaintAsync(request, progress => reports.Take(index, progress), together.Token);
                await storing.WaitAsync(together.Token);
                try
                {
                    return await store.StoreAsync(attempt, scene, crop, engine.Resolution, index, request.Seed);
                }
                finally
                {
                    storing.Release();
                }
            }
            catch
            {
                // An edit has all its results or none.
                await together.CancelAsync();
                throw;
            }
        }
    }

    private static GenerationRequest RequestFor(EditOptions options, EditScene scene, int index) => new()
    {
        Scene = scene.Scene,
        Mask = scene.Mask,
        FullMask = scene.FullMask,
        Subject = scene.Subject,
        SubjectAlpha = scene.SubjectAlpha,
        Embedding = scene.Embedding,
        EmbeddingShape = scene.EmbeddingShape,
        Seed = unchecked(options.Seed + (uint)index),
        Steps = options.Steps,
        GuidanceScale = options.GuidanceScale,
        ImageGuidanceScale = options.ImageGuidanceScale,
        SubjectScale = scene.Subject is null ? 0 : options.SubjectScale,
    };
}
