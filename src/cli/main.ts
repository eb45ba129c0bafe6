process.stdout.write('tracecli\n');
