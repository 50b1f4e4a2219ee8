using Microsoft.AspNetCore.Http.Extensions;

namespace FlexEdit.Gateway.Doors.Replicate;

/// <summary>The address of the next page of a list.</summary>
internal static class PageQuery
{
    /// <summary>The query that was sent, with another cursor.</summary>
    public static string WithCursor(this IQueryCollection query, string cursor)
    {
        var next = new QueryBuilder(query.Where(value => value.Key != "cursor").SelectMany(value => value.Value, (value, text) => KeyValuePair.Create(value.Key, text ?? "")));
        next.Add("cursor", cursor);
        return next.ToString();
    }
}
