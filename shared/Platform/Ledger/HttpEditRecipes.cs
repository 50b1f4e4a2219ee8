using System.Net;
using System.Net.Http.Json;
using FlexEdit.Contracts;
using FlexEdit.Contracts.Errors;
using FlexEdit.Contracts.Ledger;
using FlexEdit.Platform.Problems;

namespace FlexEdit.Platform.Ledger;

/// <summary>Recipes as a gateway in another process reads them.</summary>
internal sealed class HttpEditRecipes(HttpClient storage) : IEditRecipes
{
    public async Task<EditRecipe> ReadAsync(string tenant, string editId, CancellationToken cancellationToken)
    {
        using var answer = await storage.GetAsync(LedgerRoutes.RecipeOf(tenant, editId), cancellationToken);
        switch (answer.StatusCode)
        {
            case HttpStatusCode.NotFound:
                throw new ProblemException(Problem.NotFound("There is no such edit."));
            case HttpStatusCode.Gone:
                throw new ProblemException(new Problem { Status = 410, Code = ErrorCodes.DataRemoved, Detail = "The edit's retention has ended; its data are removed." });
        }

        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<EditRecipe>(ContractJson.Options, cancellationToken)
            ?? throw new InvalidOperationException("Storage answered with an empty recipe.");
    }
}
