using Pipeline.Portable;

return await PortableCommand.RunAsync(args);
