using FlexEdit.Training;

return await TrainingCommands.Build().Parse(args).InvokeAsync();
