using FlexEdit.Platform.Bus;
using FlexEdit.Platform.Hosting;
using FlexEdit.Platform.Internal;
using FlexEdit.Platform.Objects;
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
        ["gateway", "storage", "understanding", "generation", "postgres", "rabbitmq", "rabbitmq-policies", "minio"], ignoreOrder: true);

    [Theory]
    [InlineData("gateway")]
    [InlineData("storage")]
    [InlineData("understanding")]
    [InlineData("generation")]
    public void Every_setting_of_a_service_is_right(string service)
    {
        var settings = Settings(service);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(
            setting => setting.Key.Replace("__", ":", StringComparison.Ordinal).Replace("FLEXEDIT:", "FlexEdit:", StringComparison.Ordinal), setting => (string?)setting.Value)).Build();

        Faults<ObjectStoreOptions>(configuration, ObjectStoreOptions.Section).ShouldBeEmpty();
        Faults<InternalOptions>(configuration, InternalOptions.Section).ShouldBeEmpty();
        Faults<BusOptions>(configuration, BusOptions.Section).ShouldBeEmpty();
        Faults<HostSettings>(configuration, HostSettings.Section).ShouldBeEmpty();
        if (service == "storage")
            Faults<StorageOptions>(configuration, StorageOptions.Section).ShouldBeEmpty();
        settings.Keys.Where(key => key.StartsWith("FLEXEDIT__", StringComparison.Ordinal)).Select(key => key.Split("__")[1]).Distinct()
            .ShouldBeSubsetOf(["Bus", "Objects", "Internal", "Host", "Models", "Gateway", "Storage"]);
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
                var arguments = (Dictionary<object, object>)build["args"];
                File.Exists(Path.Combine(Checkout.Root, "services", (string)arguments["FOLDER"], $"FlexEdit.{arguments["SERVICE"]}.csproj")).ShouldBeTrue(name);
            }
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
