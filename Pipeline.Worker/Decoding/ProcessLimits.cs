using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pipeline.Worker.Decoding;

/// <summary>What a decoder process takes from itself before it sees a stranger's bytes.</summary>
internal static unsafe partial class ProcessLimits
{
    private const int Cpu = 0, FileSize = 1, Core = 4, AddressSpace = 9;
    private const int Hangup = 0x10;
    private const int NoNewPrivileges = 38;
    private const ulong Unlimited = ulong.MaxValue;

    public static FileStream OpenInput() => new(new SafeFileHandle(0, ownsHandle: false), FileAccess.Read, bufferSize: 0);

    public static FileStream OpenOutput() => new(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);

    /// <summary>
    /// Ends the process when the worker does, whatever native code is doing then. (The kernel's own signal for it follows the thread that
    /// started the process, and a pool's threads come and go.) Signals that a terminal or supervisor sends to all are the worker's to obey.
    /// </summary>
    public static void EndWithParent()
    {
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT])
        {
            // For the process's life.
            _ = PosixSignalRegistration.Create(signal, context => context.Cancel = true);
        }

        new Thread(() =>
        {
            var input = new PollEntry { File = 0, Events = 0 };
            while (Poll(&input, 1, -1) < 0 || (input.Found & Hangup) == 0)
            {
            }

            Exit(0);
        })
        { IsBackground = true }.Start();
    }

    /// <summary>No file can be made longer, no core be left, no rights be gained, and the address space ends <paramref name="memory"/> bytes above what is used now.</summary>
    public static void Apply(long memory)
    {
        var used = (ulong)(long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[0], CultureInfo.InvariantCulture) * Environment.SystemPageSize);
        Set(AddressSpace, used + (ulong)memory, used + (ulong)memory);
        Set(FileSize, 0, 0);
        Set(Core, 0, 0);
        _ = ProcessControl(NoNewPrivileges, 1, 0, 0, 0);
    }

    /// <summary>Allows so much processor time from now on: a process that hangs in native code ends also when the worker can't see to it.</summary>
    public static void AllowTime(TimeSpan time)
    {
        Set(Cpu, (ulong)Math.Ceiling((Environment.CpuUsage.TotalTime + time).TotalSeconds) + 1, Unlimited);
    }

    private static void Set(int resource, ulong soft, ulong hard)
    {
        var limit = new Limit { Soft = soft, Hard = hard };
        if (SetLimit(resource, &limit) != 0)
        {
            throw new InvalidOperationException($"Resource limit {resource} can't be set: errno {Marshal.GetLastPInvokeError()}.");
        }
    }

    private struct Limit
    {
        public ulong Soft;
        public ulong Hard;
    }

    private struct PollEntry
    {
        public int File;
        public short Events;
        public short Found;
    }

    [LibraryImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
    private static partial int SetLimit(int resource, Limit* limit);

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll(PollEntry* entries, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int ProcessControl(int option, nuint first, nuint second, nuint third, nuint fourth);

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void Exit(int code);
}
