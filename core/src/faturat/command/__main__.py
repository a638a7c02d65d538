from faturat.command import main

main()
