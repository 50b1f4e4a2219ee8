using FlexEdit.Platform.Bus;
using FlexEdit.Platform.Hosting;
using FlexEdit.Platform.Internal;
using FlexEdit.Platform.Objects;
using FlexEdit.Platform.Telemetry;
using FlexEdit.Storage.Hosting;
using FlexEdit.Tests.Integration.Hosting;
using Microsoft.Extensions.Configuration;
using Shouldly;
using Xunit;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.Serialization;

namespace FlexEdit.Tests.Integration.Local;

/// <summary>The Compose file cannot be run here; it can be read, and every setting in it can be checked as a service would.</summary>
public sealed class ComposeTests
{
    private static readonly string s_folder = Path.Combine(Checkout.Root, "deploy", "compose");

    [Fact]
    public void Has_the_services_and_their_servers() => Services().Keys.ShouldBe(
        ["gateway", "storage", "understanding", "generation", "understanding-gpu", "generation-gpu", "postgres", "rabbitmq", "rabbitmq-policies", "minio"], ignoreOrder: true);

    [Theory]
    [InlineData("gateway")]
    [InlineData("storage")]
    [InlineData("understanding")]
    [InlineData("generation")]
    [InlineData("understanding-gpu")]
    [InlineData("generation-gpu")]
    public void Every_setting_of_a_service_is_right(string service)
    {
        var settings = Settings(service);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(
            setting => setting.Key.Replace("__", ":", StringComparison.Ordinal).Replace("FLEXEDIT:", "FlexEdit:", StringComparison.Ordinal), setting => (string?)setting.Value)).Build();

        Faults<ObjectStoreOptions>(configuration, ObjectStoreOptions.Section).ShouldBeEmpty();
        Faults<InternalOptions>(configuration, InternalOptions.Section).ShouldBeEmpty();
        Faults<BusOptions>(configuration, BusOptions.Section).ShouldBeEmpty();
        Faults<HostSettings>(configuration, HostSettings.Section).ShouldBeEmpty();
        Faults<TelemetryOptions>(configuration, TelemetryOptions.Section).ShouldBeEmpty();
        if (service == "storage")
            Faults<StorageOptions>(configuration, StorageOptions.Section).ShouldBeEmpty();
        settings.Keys.Where(key => key.StartsWith("FLEXEDIT__", StringComparison.Ordinal)).Select(key => key.Split("__")[1]).Distinct()
            .ShouldBeSubsetOf(["Bus", "Objects", "Internal", "Host", "Models", "Gateway", "Storage", "Telemetry"]);
    }

    [Fact]
    public void Every_file_that_it_mounts_or_builds_exists()
    {
        foreach (var (name, service) in Services())
        {
            var values = (Dictionary<object, object>)service;
            foreach (var volume in values.GetValueOrDefault("volumes") as List<object> ?? [])
            {
                var source = ((string)volume).Split(':')[0];
                if (source.StartsWith('.'))
                    Path.Exists(Path.Combine(s_folder, source)).ShouldBeTrue($"{name}: {source}");
            }
            if (values.GetValueOrDefault("build") is Dictionary<object, object> build)
            {
                File.Exists(Path.Combine(s_folder, (string)build["context"], (string)build["dockerfile"])).ShouldBeTrue(name);
            }
        }
    }

    [Theory]
    [InlineData("gateway")]
    [InlineData("storage")]
    [InlineData("understanding")]
    [InlineData("generation")]
    public void An_image_publishes_its_service_and_runs_it_as_the_user_of_the_compose_file(string service)
    {
        var lines = File.ReadAllLines(Path.Combine(Checkout.Root, "deploy", "docker", $"{service}.Dockerfile"));
        var program = char.ToUpperInvariant(service[0]) + service[1..];
        lines.ShouldContain($"""ENTRYPOINT ["dotnet", "/app/FlexEdit.{program}.dll"]""");
        File.Exists(Path.Combine(Checkout.Root, "services", service, $"FlexEdit.{program}.csproj")).ShouldBeTrue();
        lines.ShouldContain(line => line.Contains($"dotnet publish services/{service} ", StringComparison.Ordinal));
        var user = lines.Single(line => line.StartsWith("USER ", StringComparison.Ordinal))[5..];
        ((Dictionary<object, object>)Services()[service])["user"].ShouldBe($"{user}:{user}");
        // Both images by argument, so that a digest can be given.
        lines.Where(line => line.StartsWith("FROM ", StringComparison.Ordinal)).ShouldBe(["FROM ${SDK} AS build", "FROM ${RUNTIME}"]);
    }

    [Fact]
    public void The_profile_for_gpus_asks_for_one_each()
    {
        foreach (var name in new[] { "understanding-gpu", "generation-gpu" })
        {
            var service = (Dictionary<object, object>)Services()[name];
            ((List<object>)service["profiles"]).ShouldBe(["gpu"]);
            Settings(name)["FLEXEDIT__Models__Device"].ShouldBe("cuda");
            var build = (Dictionary<object, object>)service["build"];
            ((Dictionary<object, object>)build["args"])["GPU"].ShouldBe("true");
        }
    }

    private static IEnumerable<string> Faults<T>(IConfiguration configuration, string section)
        where T : class, ISettings, new() => (configuration.GetSection($"FlexEdit:{section}").Get<T>() ?? new T()).Faults();

    private static Dictionary<string, string> Settings(string service) =>
        ((Dictionary<object, object>)((Dictionary<object, object>)Services()[service])["environment"]).ToDictionary(
            setting => (string)setting.Key,
            setting => ((string)setting.Value)
                .Replace("${PASSWORD:?set PASSWORD in .env}", "secret", StringComparison.Ordinal).Replace("${PASSWORD}", "secret", StringComparison.Ordinal)
                .Replace("${TOKEN:?set TOKEN in .env}", new string('t', 48), StringComparison.Ordinal));

    private static Dictionary<string, object> Services()
    {
        using var text = File.OpenText(Path.Combine(s_folder, "compose.yaml"));
        var parser = new MergingParser(new Parser(text));
        parser.Consume<StreamStart>();
        var whole = new DeserializerBuilder().Build().Deserialize<Dictionary<string, object>>(parser)!;
        return ((Dictionary<object, object>)whole["services"]).ToDictionary(service => (string)service.Key, service => service.Value);
    }
}
