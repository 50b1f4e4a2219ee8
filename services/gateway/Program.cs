// Replaced by the owner of this service.
await Task.CompletedTask;
