using System.Text.Json;
using System.Text.Json.Nodes;
using FlexEdit.Contracts;
using FlexEdit.Contracts.Edits;
using FlexEdit.Platform.Links;

namespace FlexEdit.Platform.Predictions;

/// <summary>Makes predictions out of jobs: a gateway for its answers, storage for webhooks.</summary>
public sealed class PredictionMaker(LinkSigner links)
{
    /// <summary>Whose the models of this server are, in Replicate's words.</summary>
    public const string Owner = "flexedit";

    /// <summary>The version of an edit that was not made as a prediction, and of which none is known.</summary>
    public const string HiddenVersion = "hidden";

    /// <summary>Not begun yet.</summary>
    public const string Starting = "starting";

    /// <summary>An edit as a prediction.</summary>
    /// <param name="tenant">Whose it is; addresses in it are good for whoever has them.</param>
    /// <param name="job">The job's JSON as the public API shows it.</param>
    /// <param name="door">How it came in; null for an edit that came in another way.</param>
    /// <param name="server">Where the reader reaches the server, without a slash at the end.</param>
    public PredictionView Make(string tenant, string job, EditDoor? door, string server)
    {
        var edit = JsonSerializer.Deserialize<JobOfPrediction>(job, ContractJson.Options) ?? throw new ArgumentException("There is no job in it.", nameof(job));
        return new PredictionView
        {
            Id = edit.Id,
            Model = $"{Owner}/{edit.Model}",
            Version = door?.Version ?? HiddenVersion,
            Status = StatusOf(edit.Status, door),
            Input = InputOf(edit, server),
            Output = edit.Outputs.Count == 0 ? null
                : [.. edit.Outputs.Select(output => server + links.Sign(tenant, PredictionPaths.Output(edit.Id, output.Index, output.ContentType)))],
            Error = edit.Error?.Detail,
            Logs = PredictionLogs.Of(edit),
            Metrics = MetricsOf(edit),
            CreatedAt = edit.CreatedAt,
            StartedAt = edit.StartedAt,
            CompletedAt = edit.CompletedAt,
            Deadline = door?.Deadline,
            Webhook = door?.Webhook,
            WebhookEventsFilter = door?.WebhookEvents,
            Urls = UrlsOf(tenant, edit.Id, server),
        };
    }

    /// <summary>Where the parts of a prediction are.</summary>
    public PredictionUrls UrlsOf(string tenant, string id, string server) => new(
        server + PredictionPaths.Of(id), $"{server}{PredictionPaths.Of(id)}/cancel", server + links.Sign(tenant, PredictionPaths.Stream(id)));

    // Clients wait for succeeded, failed or canceled, and on and on for anything else: aborted is only for those that know of deadlines.
    private static string StatusOf(string status, EditDoor? door) => status switch
    {
        EditStatus.Queued => Starting,
        EditStatus.Succeeded or EditStatus.Failed or EditStatus.Canceled => status,
        EditStatus.Expired => door?.Deadline is null ? EditStatus.Failed : "aborted",
        _ => EditStatus.Processing,
    };

    private static JsonObject InputOf(JobOfPrediction edit, string server)
    {
        var (inputs, options) = (edit.Inputs, edit.Options);
        var input = new JsonObject { ["image"] = FileOf(inputs.Scene), ["mask"] = FileOf(inputs.Mask) };
        if (inputs.Subject is { } subject)
        {
            input["subject"] = FileOf(subject);
            input["subject_scale"] = options.SubjectScale;
        }
        input["prompt"] = edit.Instruction;
        input["num_outputs"] = options.N;
        input["seed"] = options.Seed;
        input["num_inference_steps"] = options.Steps;
        input["guidance_scale"] = options.GuidanceScale;
        input["image_guidance_scale"] = options.ImageGuidanceScale;
        input["background"] = options.Background;
        input["profile"] = options.Profile;
        input["output_format"] = options.OutputFormat;
        return input;

        string FileOf(JobInput picture) => server + PredictionPaths.File(picture.Asset);
    }

    private static PredictionMetrics MetricsOf(JobOfPrediction edit)
    {
        if (edit.CompletedAt is null)
            return new PredictionMetrics();
        var (understanding, generating) = (edit.Timings.UnderstandingMs, edit.Timings.GeneratingMs);
        return new PredictionMetrics
        {
            PredictTime = understanding is null && generating is null ? null : ((understanding ?? 0) + (generating ?? 0)) / 1000,
            TotalTime = edit.Timings.TotalMs / 1000,
        };
    }
}
