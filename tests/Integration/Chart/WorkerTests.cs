using System.Text.Json;
using FlexEdit.Platform.Attempts;
using FlexEdit.Platform.Hosting;
using FlexEdit.Platform.Internal;
using FlexEdit.Platform.Models;
using FlexEdit.Platform.Objects;
using FlexEdit.Platform.Telemetry;
using FlexEdit.Storage.Hosting;
using Microsoft.Extensions.Configuration;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Integration.Chart;

/// <summary>How the workloads start, scale and end.</summary>
public sealed class WorkerTests : IDisposable
{
    // What a mounted secret would hold.
    private readonly string _secret = Path.GetTempFileName();

    public WorkerTests() => File.WriteAllText(_secret, new string('s', 40));

    public void Dispose() => File.Delete(_secret);

    [Theory]
    [MemberData(nameof(RenderTests.ValuesFiles), MemberType = typeof(RenderTests))]
    public void Every_setting_is_one_that_the_service_takes(string values)
    {
        foreach (var workload in Helm.ApprovedManifests(values).Where(m => m.Kind is "Deployment"))
        {
            var settings = workload.Containers.Last()["env"].Items.ToDictionary(v => v["name"].Text, v => v["value"].IsThere ? v["value"].Text : new string('s', 40));
            var mounted = Mounted(workload);
            foreach (var (name, path) in settings.Where(s => s.Key.EndsWith("File", StringComparison.Ordinal)).ToArray())
            {
                mounted.ShouldContain(path, $"{workload.Name}: {name}");
                settings[name] = _secret;
            }
            string Whole(string value) => settings.Aggregate(value, (text, known) => text.Replace($"$({known.Key})", known.Value, StringComparison.Ordinal));
            var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings
                .Where(s => s.Key.StartsWith("FLEXEDIT__", StringComparison.Ordinal) && s.Key != "FLEXEDIT__Models__Folder")
                .ToDictionary(s => s.Key.Replace("__", ":", StringComparison.Ordinal), s => (string?)Whole(s.Value))).Build();
            Faults<HostSettings>(HostSettings.Section).ShouldBeEmpty(workload.Name);
            Faults<TelemetryOptions>(TelemetryOptions.Section).ShouldBeEmpty(workload.Name);
            Faults<ObjectStoreOptions>(ObjectStoreOptions.Section).ShouldBeEmpty(workload.Name);
            Faults<InternalOptions>(InternalOptions.Section).ShouldBeEmpty(workload.Name);
            Faults<Platform.Bus.BusOptions>(Platform.Bus.BusOptions.Section).ShouldBeEmpty(workload.Name);
            Faults<AttemptOptions>(AttemptOptions.Section).ShouldBeEmpty(workload.Name);
            Faults<ModelOptions>(ModelOptions.Section).ShouldBeEmpty(workload.Name);
            if (workload.Name.EndsWith("storage", StringComparison.Ordinal))
                Faults<StorageOptions>(StorageOptions.Section).ShouldBeEmpty(workload.Name);

            IEnumerable<string> Faults<T>(string section)
                where T : class, ISettings, new() => (configuration.GetSection($"FlexEdit:{section}").Get<T>() ?? new T()).Faults();
        }
    }

    [Theory]
    [MemberData(nameof(RenderTests.ValuesFiles), MemberType = typeof(RenderTests))]
    public void A_pod_has_time_to_end_and_a_scaled_workload_no_number_of_its_own(string values)
    {
        var manifests = Helm.ApprovedManifests(values);
        var scaled = manifests.Where(m => m.Kind is "ScaledObject" or "HorizontalPodAutoscaler").Select(m => m["spec", "scaleTargetRef", "name"].Text).ToArray();
        scaled.ShouldBeUnique();
        foreach (var workload in manifests.Where(m => m.Kind == "Deployment"))
        {
            workload["spec", "replicas"].IsThere.ShouldBe(!scaled.Contains(workload.Name), workload.Name);
            var environment = workload.Containers.Last()["env"].Items.ToDictionary(v => v["name"].Text, v => v["value"]);
            var grace = TimeSpan.FromSeconds(workload.Pod["terminationGracePeriodSeconds"].Number);
            var shutdown = TimeSpan.Parse(environment["FLEXEDIT__Host__ShutdownTimeout"].Text, System.Globalization.CultureInfo.InvariantCulture);
            grace.ShouldBeGreaterThan(shutdown, workload.Name);
            if (!environment.TryGetValue("FLEXEDIT__Workers__DrainFor", out var drain))
                continue;
            var drainFor = TimeSpan.Parse(drain.Text, System.Globalization.CultureInfo.InvariantCulture);
            shutdown.ShouldBeGreaterThan(drainFor, workload.Name);
            // The longest run that storage allows ends before a worker is killed.
            drainFor.ShouldBeGreaterThanOrEqualTo(new StorageOptions().RunDeadline, workload.Name);
        }
        foreach (var deployment in manifests.Where(m => m.Kind == "Deployment"))
            manifests.Count(m => m.Kind == "PodDisruptionBudget" && m.Name == deployment.Name).ShouldBe(1, deployment.Name);
    }

    [Fact]
    public void A_gpu_worker_asks_for_gpus_tolerates_their_nodes_and_never_needs_one_more_to_be_renewed()
    {
        var workers = Helm.ApprovedManifests("values-gpu.yaml").Where(m => m.Kind == "Deployment" && m.Name.EndsWith("sd15", StringComparison.Ordinal)).ToArray();
        workers.Length.ShouldBe(2);
        foreach (var worker in workers)
        {
            var resources = worker.Containers.Single()["resources"];
            resources["limits", "nvidia.com/gpu"].Text.ShouldBe("1");
            resources["requests", "nvidia.com/gpu"].Text.ShouldBe("1");
            worker.Pod["tolerations"].Items.Single()["key"].Text.ShouldBe("nvidia.com/gpu");
            worker["spec", "strategy", "rollingUpdate", "maxSurge"].Text.ShouldBe("0");
            worker.Pod["priorityClassName"].Text.ShouldBe("flexedit");
            worker.Pod["topologySpreadConstraints"].Items.Count().ShouldBe(2);
        }
    }

    [Fact]
    public void Workers_scale_on_the_outstanding_work() =>
        CheckTrigger(Helm.ApprovedManifests("values-gpu.yaml"), "metrics-api");

    [Fact]
    public async Task Every_choice_of_a_trigger_says_only_what_KEDA_knows()
    {
        foreach (var (trigger, type) in new[] { ("work", "metrics-api"), ("queue", "rabbitmq"), ("database", "postgresql") })
        {
            var arguments = new[] { "understanding-tiny", "generation-tiny", "understanding-sd15", "generation-sd15" }
                .SelectMany(worker => new[] { "--set", $"workers.{worker}.scaling.trigger={trigger}" }).ToArray();
            CheckTrigger(await Helm.ManifestsAsync("values-gpu.yaml", arguments), type);
        }
    }

    [Theory]
    [InlineData("content.source=pvc,content.claim=classifiers", "persistentVolumeClaim")]
    [InlineData("content.source=image,content.image=registry.example.com/classifier@sha256:00", "image")]
    public async Task Every_worker_screens_with_the_classifier_that_is_mounted(string where, string volume)
    {
        var manifests = await Helm.ManifestsAsync("values.yaml", "--set", $"{where},content.file=nsfw.onnx,content.sha256={new string('a', 64)}", "--set-string", "content.settings.Unsafe__0=1");

        foreach (var workload in manifests.Where(m => m.Kind == "Deployment"))
        {
            var container = workload.Containers.Last();
            var settings = container["env"].Items.Where(v => v["name"].Text.StartsWith("FLEXEDIT__Content__", StringComparison.Ordinal)).ToDictionary(v => v["name"].Text, v => v["value"].Text);
            if (!workload.Name.Contains("-tiny", StringComparison.Ordinal))
            {
                settings.ShouldBeEmpty(workload.Name);
                continue;
            }
            settings.ShouldBe(new Dictionary<string, string>
            {
                ["FLEXEDIT__Content__Classifier"] = "/content/nsfw.onnx",
                ["FLEXEDIT__Content__Sha256"] = new('a', 64),
                ["FLEXEDIT__Content__Unsafe__0"] = "1",
            }, ignoreOrder: true);
            var mount = container["volumeMounts"].Items.Single(m => m["name"].Text == "content");
            (mount["mountPath"].Text, mount["readOnly"].Text).ShouldBe(("/content", "true"));
            workload.Pod["volumes"].Items.Single(v => v["name"].Text == "content")[volume].IsThere.ShouldBeTrue(workload.Name);
        }
    }

    // Files of the secrets that a pod mounts.
    private static string[] Mounted(Manifest workload) =>
    [
        .. from mount in workload.Containers.Last()["volumeMounts"].Items
           from volume in workload.Pod["volumes"].Items
           where volume["name"].Text == mount["name"].Text
           from source in volume["projected", "sources"].Items
           from item in source["secret", "items"].Items
           select $"{mount["mountPath"].Text}/{item["path"].Text}",
    ];

    // Never scaled to nothing by an error.
    private static void CheckTrigger(IReadOnlyList<Manifest> manifests, string type)
    {
        var scaled = manifests.Where(m => m.Kind == "ScaledObject").ToArray();
        scaled.Length.ShouldBe(4);
        foreach (var one in scaled)
        {
            one.Name.Length.ShouldBeLessThanOrEqualTo(54);
            one["spec", "fallback", "replicas"].Number.ShouldBeGreaterThan(0);
            one["spec", "fallback", "behavior"].Text.ShouldBe("currentReplicasIfHigher");
            var its = one["spec", "triggers"].Items.Single();
            its["type"].Text.ShouldBe(type);
            its["metricType"].Text.ShouldBe("AverageValue");
            if (type == "rabbitmq")
            {
                its["metadata", "protocol"].Text.ShouldBe("http");
                its["metadata", "excludeUnacknowledged"].IsThere.ShouldBeFalse();
            }
            if (Helm.Tools is not null)
                its["metadata"].Entries.Keys.ShouldBeSubsetOf(KnownOf(type));
        }
    }

    // KEDA's own list of its scalers' fields, which the resource's schema does not have.
    private static string[] KnownOf(string type)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(Helm.Tools!, "schemas", "keda-scalers-metadata.json")));
        return [.. json.RootElement.GetProperty("scalers").EnumerateArray().Single(s => s.GetProperty("type").GetString() == type)
            .GetProperty("parameters").EnumerateArray().Select(p => p.GetProperty("name").GetString()!)];
    }
}
