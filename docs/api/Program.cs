using FlexEdit.ApiDocument;

if (args is not [var file])
{
    Console.Error.WriteLine("Usage: dotnet run --project docs/api docs/openapi.json");
    return 1;
}

await File.WriteAllTextAsync(file, OpenApiDocument.Text());
return 0;
