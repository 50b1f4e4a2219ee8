using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Logging;

namespace FlexEdit.Tests.Unit.Gateway.Access;

/// <summary>The statements that each request sent to the ledger, as EF logs them.</summary>
internal sealed class Statements : ILoggerProvider, ILogger
{
    private readonly AsyncLocal<ConcurrentQueue<string>?> _current = new();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<string>> _ofRequests = new();

    /// <summary>What a request asked of the ledger, in order; keys and limits, which are remembered for a while, left out.</summary>
    public IEnumerable<string> Of(string requestId) =>
        _ofRequests[requestId].Where(text => !text.Contains("\"keys\"", StringComparison.Ordinal) && !text.Contains("\"tenants\"", StringComparison.Ordinal));

    /// <summary>The middleware that begins a request.</summary>
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var statements = _current.Value = new ConcurrentQueue<string>();
        context.Response.OnStarting(() =>
        {
            _ofRequests[context.TraceIdentifier] = statements;
            return Task.CompletedTask;
        });
        await next(context);
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (eventId == RelationalEventId.CommandExecuted && state is IEnumerable<KeyValuePair<string, object?>> values)
            _current.Value?.Enqueue((string)values.First(value => value.Key == "commandText").Value!);
    }

    public void Dispose()
    {
    }
}
