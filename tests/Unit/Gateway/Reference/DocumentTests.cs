using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FlexEdit.ApiDocument;
using FlexEdit.Gateway.Edits.SubmitEdit;
using FlexEdit.Gateway.Studio;
using FlexEdit.Tests.Unit.Gateway.Running;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;
using static FlexEdit.Tests.Unit.Gateway.Running.Answers;

namespace FlexEdit.Tests.Unit.Gateway.Reference;

/// <summary>The document against the code and against the server.</summary>
public sealed partial class DocumentTests(GatewayServer server) : IClassFixture<GatewayServer>
{
    [Fact]
    public void The_committed_document_is_made_from_this_code()
    {
        var committed = File.ReadAllText(Path.Combine(Checkout(), "../../../../docs/openapi.json"));

        (committed == OpenApiDocument.Text()).ShouldBeTrue(
            "docs/openapi.json is not what the code says; write it again: dotnet run --project docs/api docs/openapi.json");
    }

    [Fact]
    public void Describes_what_is_mapped_and_nothing_else()
    {
        var studio = server.Services.GetRequiredService<StudioFiles>().All.Select(file => $"/{file.Name}").Append("/").ToHashSet();
        var mapped = server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Select(endpoint => (Path: Constraint().Replace("/" + endpoint.RoutePattern.RawText!.TrimStart('/'), "}"), Methods: Methods(endpoint)))
            .Where(endpoint => !studio.Contains(endpoint.Path) && !Undescribed().IsMatch(endpoint.Path))
            .SelectMany(endpoint => endpoint.Methods.Select(method => $"{method} {endpoint.Path}"));

        OpenApiDocument.Operations.Select(operation => $"{operation.Method} {operation.Path}").Order(StringComparer.Ordinal)
            .ShouldBe(mapped.Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Describes_every_field_that_is_read()
    {
        var read = typeof(FieldNames).GetFields().Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!);

        Schema("NewEdit")["properties"]!.AsObject().Concat(Schema("Approval")["properties"]!.AsObject()).Select(field => field.Key).Distinct()
            .ShouldBe(read, ignoreOrder: true);
        // The readers refuse a name that they do not know.
        foreach (var (name, _) in Schema("NewEditForm")["properties"]!.AsObject())
            Should.NotThrow(() => FieldNames.UseOf(name));
        foreach (var (name, _) in Schema("ApprovalForm")["properties"]!.AsObject())
            Should.NotThrow(() => FieldNames.UseOfApproval(name));
    }

    public static TheoryData<string, string, string> Examples =>
        [.. OpenApiDocument.Operations.SelectMany(operation => operation.Body.Where(body => body.Example is not null)
            .Select(body => (operation.Method, operation.Path, body.Type)))];

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task The_server_takes_the_example(string method, string path, string type)
    {
        var operation = OpenApiDocument.Operations.Single(operation => operation.Method == method && operation.Path == path);
        using var content = Json(operation.Body.Single(body => body.Type == type).Example!);
        using var request = new HttpRequestMessage(new HttpMethod(method), path.Replace("{id}", await WebhookAsync(), StringComparison.Ordinal)) { Content = content };

        using var answer = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);

        var body = await answer.BodyAsync();
        operation.Answers.Select(described => described.Status).ShouldContain((int)answer.StatusCode, body.ToJsonString());
        var component = (string)body["object"]! switch { "edit" => "Edit", "webhook" => "Webhook", "replay" => "Replay", "mask_inspection" => "MaskInspection", var other => throw new InvalidOperationException($"What is a {other}?") };
        // Members that are not required may be there, such as a new endpoint's secret.
        Required(component).Except(body.Select(member => member.Key)).ShouldBeEmpty();
        body.Select(member => member.Key).Except(Schema(component)["properties"]!.AsObject().Select(member => member.Key)).ShouldBeEmpty();
    }

    private async Task<string> WebhookAsync()
    {
        using var answer = await server.Client.PostAsync("/v1/webhooks", Json("""{"url":"https://example.org/"}"""), TestContext.Current.CancellationToken);
        return (string)(await answer.BodyAsync())["id"]!;
    }

    /// <summary>The required members of a component.</summary>
    internal static IEnumerable<string> Required(string component) =>
        Schema(component)["required"]!.AsArray().Select(name => (string)name!);

    private static JsonNode Schema(string component) => JsonNode.Parse(OpenApiDocument.Text())!["components"]!["schemas"]![component]!;

    private static IEnumerable<string> Methods(RouteEndpoint endpoint) =>
        // HEAD is GET without the body; health answers every method, GET is what is described.
        (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Where(method => method != "HEAD");

    private static string Checkout([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

    [GeneratedRegex(@":[^}]*\}")]
    private static partial Regex Constraint();

    /// <summary>Between services, and the description itself.</summary>
    [GeneratedRegex(@"^/(internal|docs|openapi)(/|\z)")]
    private static partial Regex Undescribed();
}
