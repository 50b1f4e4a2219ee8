using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace FlexEdit.Storage.Ledger;

/// <summary>Tells that the database failed from a fault of our own.</summary>
internal static class LedgerFailure
{
    /// <summary>Whether the database, or the way to it, is the cause. EF wraps what it thinks will pass.</summary>
    public static bool Is(Exception error)
    {
        for (var inner = error; inner is not null; inner = inner.InnerException)
        {
            if (inner is DbException or DbUpdateException)
                return true;
        }
        return false;
    }
}
