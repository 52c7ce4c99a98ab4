using Pipeline.Worker.Decoding;
using Pipeline.Worker.Hosting;

// The same program twice: the worker, and the processes in which it decodes images, which load nothing of the rest.
return args is [DecoderProgram.Verb, .. var decoder]
    ? DecoderMain.Run(decoder)
    : await WorkerProgram.RunAsync(args);
